// SPDX-License-Identifier: Apache-2.0
#include "survived.hpp"

#include <string>
#include <utility>

#include "codes.hpp"
#include "model/error.hpp"

namespace tinyhil {

std::int64_t insert_survived(Connection& connection, std::int64_t trial, const RowBounds& bounds,
                             const SurvivedFault& survived) {
  if (survived.vector && *survived.vector >= bounds.vectors) {
    throw Error(ExitCode::bench_fault,
                "a fault on vector " + std::to_string(*survived.vector) + " is outside trial " +
                    std::to_string(trial) + ", which has " + std::to_string(bounds.vectors) + " vectors",
                connection.file().string(), "report this as a bug");
  }
  Statement insert(connection,
                   "INSERT INTO survived_fault (trial, vector, of_the_device, kind, what, evidence, remedy)"
                   " VALUES (?,?,?,?,?,?,?)");
  insert.bind(trial);
  survived.vector ? insert.bind(std::int64_t{*survived.vector}) : insert.bind_null();
  insert.bind(std::int64_t{survived.of_the_device}).bind(code_of(survived.fault.kind));
  insert.bind(survived.fault.what).bind(survived.fault.evidence).bind(survived.fault.remedy).run();
  return connection.last_row_id();
}

std::vector<SurvivedFault> load_survived(Connection& connection, std::int64_t trial) {
  Statement rows(connection,
                 "SELECT vector, of_the_device, kind, what, evidence, remedy FROM survived_fault"
                 " WHERE trial = ? ORDER BY id");
  rows.bind(trial);
  std::vector<SurvivedFault> faults;
  while (rows.step()) {
    SurvivedFault survived;
    if (!rows.is_null(0)) survived.vector = static_cast<std::uint32_t>(rows.integer(0));
    survived.of_the_device = rows.integer(1) != 0;
    survived.fault = {decoded<FaultKind>(connection, rows.text(2)), rows.text(3), rows.text(4), rows.text(5)};
    faults.push_back(std::move(survived));
  }
  return faults;
}

}  // namespace tinyhil
