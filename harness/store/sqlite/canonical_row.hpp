// SPDX-License-Identifier: Apache-2.0
// The bytes of a stored row that its link in the chain covers. This comment is the specification.
//
//   row    = text(table) column*
//   column = text(name) type value            in the order of the table's schema; a NULL column gives nothing
//   type   = one byte: 'i' integer, 'r' real, 't' text, 'b' blob, as SQLite stored it
//   value  = i: 8 bytes, two's complement;  r: 8 bytes, IEEE 754;  t and b: text(its bytes)
//   text   = length in bytes, 8 bytes; then the bytes (text in UTF-8)
//
// All numbers are little-endian. Because a NULL column gives nothing, a later schema may add a column that is
// NULL in the rows that are there, and their links stay true; one that is NOT NULL would break them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "connection.hpp"

namespace tinyhil {

// SHA-256(previous || row) of the row with this id. Empty when there is none.
std::optional<Digest> link_digest(Connection& connection, const Digest& previous, const std::string& table,
                                  std::int64_t id);

}  // namespace tinyhil
