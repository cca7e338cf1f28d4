// SPDX-License-Identifier: Apache-2.0
#include "checked_row.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tinyhil::store {

CheckedRow::CheckedRow(const Connection& connection, const Statement& row, std::string noun)
    : connection_(connection), row_(row), noun_(std::move(noun)) {}

std::int64_t CheckedRow::integer(int column, std::int64_t least, std::int64_t most) const {
  const std::int64_t value = row_.integer(column);
  if (value >= least && value <= most) return value;
  refuse(column, std::to_string(value) + " where " + std::to_string(least) + " to " + std::to_string(most) +
                     " can be");
}

std::uint64_t CheckedRow::count(int column, std::uint64_t least, std::uint64_t most) const {
  return static_cast<std::uint64_t>(
      integer(column, static_cast<std::int64_t>(least), static_cast<std::int64_t>(most)));
}

float CheckedRow::scale(int column) const {
  const auto value = static_cast<float>(row_.real(column));
  if (std::isfinite(value) && value >= 0) return value;
  refuse(column, std::to_string(value) + ", which is no scale");
}

std::string CheckedRow::name(int column) const {
  std::string name = text(column);
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 127; };
  if (std::none_of(name.begin(), name.end(), is_control)) return name;
  refuse(column, "a name with control characters");
}

std::string CheckedRow::text(int column, std::size_t most) const {
  std::string text = row_.text(column);
  if (text.size() <= most) return text;
  refuse(column,
         "a text of " + std::to_string(text.size()) + " bytes where " + std::to_string(most) + " can be");
}

void CheckedRow::refuse(const std::string& what) const { connection_.fail_damaged(noun_ + ": " + what); }

void CheckedRow::refuse(int column, const std::string& what) const {
  refuse("`" + row_.name(column) + "` is " + what);
}

}  // namespace tinyhil::store
