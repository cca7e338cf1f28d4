// SPDX-License-Identifier: Apache-2.0
#include "quantise.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "elements.hpp"

namespace tinyhil {
namespace {

float real_of(float value, const Tensor& /*tensor*/) { return value; }

template <class Integer>
float real_of(Integer value, const Tensor& tensor) {
  return static_cast<float>(double{tensor.scale} * (static_cast<double>(value) - tensor.zero_point));
}

// A double holds every int32 and the sum of two of them.
template <class T>
T element_of(float real, const Tensor& tensor) {
  if constexpr (std::is_same_v<T, float>) {
    return real;
  } else {
    const double steps = double{std::round(real / tensor.scale)} + tensor.zero_point;
    constexpr auto kLeast = static_cast<double>(std::numeric_limits<T>::min());
    constexpr auto kMost = static_cast<double>(std::numeric_limits<T>::max());
    return static_cast<T>(std::clamp(steps, kLeast, kMost));
  }
}

}  // namespace

bool is_real(const Tensor& tensor) { return tensor.dtype == DType::float32 || tensor.scale > 0; }

bool can_convert(const Tensor& from, const Tensor& to) {
  return from.dtype != to.dtype && from.dims == to.dims && is_real(from) && is_real(to);
}

void convert(const Tensor& from, std::span<const std::uint8_t> bytes, const Tensor& to,
             std::span<std::uint8_t> to_bytes) {
  const std::size_t count = bytes.size() / size_of(from.dtype);
  assert(to_bytes.size() == count * size_of(to.dtype));
  with_type(from.dtype, [&](auto given) {
    with_type(to.dtype, [&](auto wanted) {
      using Given = decltype(given);
      using Wanted = decltype(wanted);
      for (std::size_t i = 0; i < count; ++i) {
        const Wanted element = element_of<Wanted>(real_of(element_at<Given>(bytes, i), from), to);
        std::memcpy(to_bytes.data() + i * sizeof element, &element, sizeof element);
      }
    });
  });
}

std::optional<std::size_t> first_not_finite(std::span<const std::uint8_t> floats) {
  for (std::size_t i = 0; i < floats.size() / sizeof(float); ++i) {
    if (!std::isfinite(element_at<float>(floats, i))) return i;
  }
  return std::nullopt;
}

}  // namespace tinyhil
