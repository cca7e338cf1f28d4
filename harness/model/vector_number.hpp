// SPDX-License-Identifier: Apache-2.0
// The two numbers of a vector (docs/glossary.md), both from 0. They are equal only in a run that shows the
// vectors in the order of their file; sampling/draw.hpp leads from one to the other.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace tinyhil {

// Its index in the vector file: for people and for records.
struct VectorNumber {
  std::uint32_t value = 0;
  auto operator<=>(const VectorNumber&) const = default;
};

// How many vectors come before it in the order in which they are given to the device: for what runs them.
struct OrderPosition {
  std::uint32_t value = 0;
  auto operator<=>(const OrderPosition&) const = default;
  OrderPosition operator+(std::uint32_t vectors) const { return {value + vectors}; }
  std::uint32_t operator-(OrderPosition earlier) const { return value - earlier.value; }
};

inline std::string to_string(VectorNumber number) { return std::to_string(number.value); }

}  // namespace tinyhil
