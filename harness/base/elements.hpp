// SPDX-License-Identifier: Apache-2.0
// The elements of a tensor's bytes as C++ values.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "tensor.hpp"

namespace tinyhil {

// `bytes` need not be aligned.
template <class T>
T element_at(std::span<const std::uint8_t> bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

// Calls visitor with a value of the element's C++ type, and returns what it returns.
template <class Visitor>
auto with_type(DType dtype, Visitor visitor) {
  switch (dtype) {
    case DType::int8:
      return visitor(std::int8_t{});
    case DType::uint8:
      return visitor(std::uint8_t{});
    case DType::int16:
      return visitor(std::int16_t{});
    case DType::int32:
      return visitor(std::int32_t{});
    case DType::float32:
      break;
  }
  return visitor(float{});
}

}  // namespace tinyhil
