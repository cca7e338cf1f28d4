// SPDX-License-Identifier: Apache-2.0
// A row of the database whose values are held to what tinyhil stores there. The file may be damaged or made
// by somebody else, so nothing of it becomes an index, a count, a size or a name unseen. Whatever is out of
// bounds is an Error(bench_fault) that names the row and the column.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

inline constexpr std::size_t kNameMax = 4096;                  // names, versions, dates, paths
inline constexpr std::size_t kTextMax = std::size_t{1} << 20;  // what was seen of a fault

class CheckedRow {
 public:
  // Both are lent; `noun` names the row in messages: "trial 3".
  CheckedRow(const Connection& connection, const Statement& row, std::string noun);

  std::int64_t integer(int column, std::int64_t least, std::int64_t most) const;
  std::uint64_t count(int column, std::uint64_t least, std::uint64_t most) const;
  template <class T>
  T number(int column) const {  // what a T can hold
    return static_cast<T>(integer(column, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  }
  float scale(int column) const;       // of a tensor: finite, not negative
  std::string name(int column) const;  // that a user gave: no control characters
  std::string text(int column, std::size_t most = kNameMax) const;

  [[noreturn]] void refuse(const std::string& what) const;

 private:
  [[noreturn]] void refuse(int column, const std::string& what) const;

  const Connection& connection_;
  const Statement& row_;
  std::string noun_;
};

}  // namespace tinyhil::store
