// SPDX-License-Identifier: Apache-2.0
// What the bytes of one output mean, for every element type of a tensor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/tensor.hpp"

namespace tinyhil::metric {

using Output = std::span<const std::uint8_t>;  // tensor.bytes() of them, little-endian

// Element with the largest score; ties go to the lower index. Needs at least one element and no NaN.
std::uint32_t argmax(DType dtype, Output output);

// True when an element is no number. Such an output says nothing, so it counts as a failed inference.
bool has_nan(DType dtype, Output output);

struct Mismatch {
  std::uint32_t element;
  std::int32_t expected, got;  // in steps from zero
};

struct Difference {
  std::int32_t max_lsb = 0;  // saturated at INT32_MAX
  std::optional<Mismatch> first;
  std::optional<Mismatch> farthest;  // the first of those by max_lsb

  void note(const Mismatch& mismatch);  // one that is none changes nothing
};

// In steps of the element type: for integers the difference, for float32 the count of floats in between.
Difference difference(DType dtype, Output expected, Output got);

// One element as a number of such steps from zero.
std::int32_t step_at(DType dtype, Output output, std::size_t element);

// One element as it is stored, neither scaled nor shifted; and as the real number that it stands for.
double value_at(DType dtype, Output output, std::size_t element);
double real_at(const Tensor& tensor, Output output, std::size_t element);

}  // namespace tinyhil::metric
