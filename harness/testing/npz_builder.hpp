// SPDX-License-Identifier: Apache-2.0
// For tests: .npy and .npz files as numpy would write them.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tinyhil::test {

// npy("|i1", "(2, 3)", values): version 1.
std::vector<std::uint8_t> npy(std::string_view descr, std::string_view shape, std::string_view values);

// The little-endian bytes of `values`.
template <class T>
std::string raw(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

using NpzEntries = std::vector<std::pair<std::string, std::vector<std::uint8_t>>>;

// A zip with an entry "<name>.npy" for each; throws std::runtime_error when libzip cannot.
std::vector<std::uint8_t> npz(const NpzEntries& entries);

}  // namespace tinyhil::test
