// SPDX-License-Identifier: Apache-2.0
#include "outputs.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/elements.hpp"

namespace tinyhil::metric {
namespace {

std::int32_t step_of(std::int32_t value) { return value; }

// Maps floats to integers in their order, so that neighbours differ by one and both zeros are 0.
std::int32_t step_of(float value) {
  std::int32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits >= 0 ? bits : std::numeric_limits<std::int32_t>::min() - bits;
}

}  // namespace

std::uint32_t argmax(DType dtype, Output output) {
  assert(!output.empty());
  return with_type(dtype, [&](auto type) {
    using T = decltype(type);
    std::uint32_t best = 0;
    for (std::uint32_t i = 1; i < output.size() / sizeof(T); ++i) {
      if (element_at<T>(output, i) > element_at<T>(output, best)) best = i;
    }
    return best;
  });
}

bool has_nan(DType dtype, Output output) {
  if (dtype != DType::float32) return false;
  for (std::size_t i = 0; i < output.size() / sizeof(float); ++i) {
    if (std::isnan(element_at<float>(output, i))) return true;
  }
  return false;
}

std::int32_t step_at(DType dtype, Output output, std::size_t element) {
  return with_type(dtype, [&](auto type) { return step_of(element_at<decltype(type)>(output, element)); });
}

double value_at(DType dtype, Output output, std::size_t element) {
  return with_type(
      dtype, [&](auto type) { return static_cast<double>(element_at<decltype(type)>(output, element)); });
}

double real_at(const Tensor& tensor, Output output, std::size_t element) {
  const double value = value_at(tensor.dtype, output, element);
  if (tensor.scale == 0) return value;
  return static_cast<double>(tensor.scale) * (value - tensor.zero_point);
}

void Difference::note(const Mismatch& mismatch) {
  const std::int64_t lsb = std::abs(std::int64_t{mismatch.got} - mismatch.expected);
  if (lsb == 0) return;
  if (!first) first = mismatch;
  const std::int64_t bound = std::numeric_limits<std::int32_t>::max();
  const auto steps = static_cast<std::int32_t>(std::min(lsb, bound));
  if (steps <= max_lsb) return;
  max_lsb = steps;
  farthest = mismatch;
}

Difference difference(DType dtype, Output expected, Output got) {
  assert(expected.size() == got.size());
  Difference result;
  if (std::memcmp(expected.data(), got.data(), got.size()) == 0) return result;
  for (std::size_t i = 0; i < got.size() / size_of(dtype); ++i) {
    result.note({static_cast<std::uint32_t>(i), step_at(dtype, expected, i), step_at(dtype, got, i)});
  }
  return result;
}

}  // namespace tinyhil::metric
