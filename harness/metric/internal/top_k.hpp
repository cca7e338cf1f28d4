// SPDX-License-Identifier: Apache-2.0
// An output of which only the k largest elements are known. Its layout: InferenceRows in model/trial.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "metric/outputs.hpp"

namespace tinyhil::metric {

class TopK {
 public:
  TopK(DType dtype, Output entries) : dtype_(dtype), entries_(entries) {}

  static std::size_t bytes(DType dtype, std::size_t k) { return k * (kIndexBytes + size_of(dtype)); }

  std::size_t size() const { return entries_.size() / bytes(dtype_, 1); }
  std::uint32_t element(std::size_t entry) const;  // its index in the whole output
  std::int32_t step(std::size_t entry) const;      // its value, in steps from zero

  // Every element exists and is a number, largest first, of equal ones the lower index first. What is not
  // sound means nothing.
  bool is_sound(std::size_t elements) const;

 private:
  static constexpr std::size_t kIndexBytes = 2;
  Output value(std::size_t entry) const;
  DType dtype_;
  Output entries_;
};

// The least difference from `expected` that a whole output with these largest elements can have: none exactly
// when they are the largest of `expected`. A step of rounding that swaps two elements is a step here too.
Difference difference(DType dtype, Output expected, const TopK& got);

}  // namespace tinyhil::metric
