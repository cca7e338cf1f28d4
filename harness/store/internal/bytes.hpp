// SPDX-License-Identifier: Apache-2.0
// Columns as bytes.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace tinyhil::store {

// What a store keeps is little-endian, and columns are handed on as they lie in memory.
static_assert(std::endian::native == std::endian::little, "a big-endian host has to swap the columns here");

template <class T>
std::span<const std::uint8_t> bytes_of(const std::vector<T>& column) {
  return {reinterpret_cast<const std::uint8_t*>(column.data()), column.size() * sizeof(T)};
}

}  // namespace tinyhil::store
