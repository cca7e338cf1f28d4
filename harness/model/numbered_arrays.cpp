// SPDX-License-Identifier: Apache-2.0
#include "numbered_arrays.hpp"

#include <algorithm>
#include <cassert>

#include "base/tensor_list.hpp"

namespace tinyhil {
namespace {

// One of a number that none precedes would be left out without a word.
void refuse_gaps(const Npz& npz, const std::string& stem, std::size_t count) {
  for (std::size_t i = count + 1; i < TensorList::kMost; ++i) {
    if (!npz.has(numbered(stem, i))) continue;
    ArrayPlace{npz.file(), numbered(stem, i)}.refuse(
        "is there without `" + numbered(stem, count) + '`',
        "number the arrays from 0, in the order of the model's tensors");
  }
}

}  // namespace

std::string numbered(const std::string& stem, std::size_t index) {
  return stem + '_' + std::to_string(index);
}

bool is_numbered(const std::string& name, const std::string& stem) {
  for (std::size_t i = 0; i < TensorList::kMost; ++i) {
    if (name == numbered(stem, i)) return true;
  }
  return false;
}

std::vector<std::string> arrays_of(const Npz& npz, const std::string& stem) {
  std::vector<std::string> found;
  while (found.size() < TensorList::kMost && npz.has(numbered(stem, found.size())))
    found.push_back(numbered(stem, found.size()));
  refuse_gaps(npz, stem, found.size());
  if (!npz.has(stem)) {
    if (found.empty()) npz.refuse_missing(stem);
    return found;
  }
  if (!found.empty()) {
    ArrayPlace{npz.file(), found.front()}.refuse(
        "is there beside `" + stem + '`', "save `" + stem + "` for one tensor, numbered arrays for several");
  }
  return {stem};
}

std::vector<std::uint8_t> row_by_row(const std::vector<std::vector<std::uint8_t>>& arrays, std::size_t rows) {
  std::size_t size = 0;
  for (const auto& array : arrays) size += array.size();
  std::vector<std::uint8_t> joined;
  joined.reserve(size);
  for (std::size_t row = 0; row < rows; ++row) {
    for (const auto& array : arrays) {
      assert(array.size() % rows == 0);
      const std::size_t each = array.size() / rows;
      const auto first = array.begin() + static_cast<std::ptrdiff_t>(row * each);
      joined.insert(joined.end(), first, first + static_cast<std::ptrdiff_t>(each));
    }
  }
  return joined;
}

}  // namespace tinyhil
