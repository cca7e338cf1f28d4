// SPDX-License-Identifier: Apache-2.0
#include "canonical_row.hpp"

#include <array>
#include <bit>

namespace tinyhil {
namespace {

void add_number(Sha256& hash, std::uint64_t value) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::uint8_t& byte : bytes) {
    byte = static_cast<std::uint8_t>(value);
    value >>= 8;
  }
  hash.add(bytes);
}

void add_text(Sha256& hash, Bytes bytes) {
  add_number(hash, bytes.size());
  hash.add(bytes);
}

void add_text(Sha256& hash, std::string_view text) {
  add_number(hash, text.size());
  hash.add(text);
}

void add_column(Sha256& hash, const Statement& row, int column) {
  if (row.is_null(column)) return;
  add_text(hash, row.name(column));
  switch (row.type(column)) {
    case SQLITE_INTEGER:
      hash.add("i");
      return add_number(hash, static_cast<std::uint64_t>(row.integer(column)));
    case SQLITE_FLOAT:
      hash.add("r");
      return add_number(hash, std::bit_cast<std::uint64_t>(row.real(column)));
    case SQLITE_TEXT:
      hash.add("t");
      return add_text(hash, row.text(column));
    default:
      hash.add("b");
      return add_text(hash, row.blob(column));
  }
}

}  // namespace

std::optional<Digest> link_digest(Connection& connection, const Digest& previous, const std::string& table,
                                  std::int64_t id) {
  Statement row(connection, "SELECT * FROM " + table + " WHERE id = ?");
  if (!row.bind(id).step()) return std::nullopt;
  Sha256 hash;
  hash.add(previous.bytes);
  add_text(hash, std::string_view(table));
  for (int column = 0; column < row.columns(); ++column) add_column(hash, row, column);
  return hash.finish();
}

}  // namespace tinyhil
