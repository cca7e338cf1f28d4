// SPDX-License-Identifier: Apache-2.0
// How the ledger's rows hold moments and digests.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/digest.hpp"
#include "daemon/farm.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::daemon {

inline std::int64_t in_us(Moment moment) { return moment.time_since_epoch().count(); }

inline std::optional<Moment> moment_in(const store::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Moment(std::chrono::microseconds(row.integer(column)));
}

inline std::optional<Digest> digest_in(const store::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.digest(column);
}

inline void bind_digest(store::Statement& statement, const std::optional<Digest>& digest) {
  if (digest) {
    statement.bind(store::Bytes(digest->bytes));
  } else {
    statement.bind_null();
  }
}

}  // namespace tinyhil::daemon
