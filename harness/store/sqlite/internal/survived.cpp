// SPDX-License-Identifier: Apache-2.0
#include "survived.hpp"

#include <string>
#include <utility>

#include "base/error.hpp"
#include "checked_row.hpp"
#include "decoded.hpp"

namespace tinyhil::store {

void check_survived(const Connection& connection, std::int64_t trial, const RowBounds& bounds,
                    const SurvivedFault& survived) {
  if (!survived.vector || survived.vector->value < bounds.vectors) return;
  throw Error(ErrorKind::bench_fault,
              "a fault on vector " + to_string(*survived.vector) + " is outside trial " +
                  std::to_string(trial) + ", which has " + std::to_string(bounds.vectors) + " vectors",
              connection.file().string(), "report this as a bug");
}

std::vector<SurvivedFault> load_survived(Connection& connection, std::int64_t trial, std::uint64_t vectors) {
  Statement rows(
      connection,
      "SELECT vector, of_the_device, kind, what, evidence, remedy, id FROM survived_fault NOT INDEXED"
      " WHERE trial = ? ORDER BY id");
  rows.bind(trial);
  std::vector<SurvivedFault> faults;
  while (rows.step()) {
    const CheckedRow row(connection, rows, "survived fault " + std::to_string(rows.integer(6)));
    SurvivedFault survived;
    if (!rows.is_null(0) && vectors == 0) row.refuse("it blames a vector where there is none");
    if (!rows.is_null(0))
      survived.vector = VectorNumber{static_cast<std::uint32_t>(row.count(0, 0, vectors - 1))};
    survived.of_the_device = rows.integer(1) != 0;
    survived.fault = {decoded<FaultKind>(connection, rows.text(2)), row.text(3, kTextMax),
                      row.text(4, kTextMax), row.text(5, kTextMax)};
    faults.push_back(std::move(survived));
  }
  return faults;
}

}  // namespace tinyhil::store
