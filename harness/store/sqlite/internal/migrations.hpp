// SPDX-License-Identifier: Apache-2.0
// The schema, as the numbered steps that led to it. A step, once released, never changes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

inline constexpr std::int64_t kApplicationId = 0x7448494C;  // "tHIL", in the file's header

struct Migration {
  std::int64_t version;  // user_version afterwards; 1, 2, 3, ...
  const char* sql;
  void (*after)(Connection&) = nullptr;  // what SQL cannot do, in the same transaction
};

std::span<const Migration> migrations();

// Throws Error(usage) when the file belongs to another program or to a newer tinyhil.
void refuse_foreign(Connection& connection, std::span<const Migration> known);

// Brings the file to the last of `known`, in one transaction; nothing to do when it is there already.
void migrate(Connection& connection, std::span<const Migration> known);

// The first table, index, view or trigger that the steps to the file's version would not have made as it is,
// or that is missing: a database from a stranger may hold a view where a table should be. Empty when there is
// none.
std::optional<std::string> unlike_schema(Connection& connection);

}  // namespace tinyhil::store
