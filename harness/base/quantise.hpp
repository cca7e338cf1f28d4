// SPDX-License-Identifier: Apache-2.0
// Numbers of the world to a tensor's elements, as the firmware around a model makes them: with a scale,
// real = scale * (q - zero_point). Reals become integers as TensorFlow Lite's QUANTIZE does it
// (AffineQuantize in tensorflow/lite/kernels/internal/reference/quantize.h): divided in float32, rounded with
// halves away from zero, moved by the zero point, and kept within the type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "tensor.hpp"

namespace tinyhil {

// Whether it is known which real numbers its elements are: floats are, and integers that have a scale.
bool is_real(const Tensor& tensor);

// Whether its elements become those of `to` by convert(): both are real, of one shape and unlike types.
bool can_convert(const Tensor& from, const Tensor& to);

// `bytes`: from.bytes() of them for each of any number of vectors, all finite; `to_bytes`: to.bytes() for
// each. Where a float32 is asked for, integers become scale * (q - zero_point).
void convert(const Tensor& from, std::span<const std::uint8_t> bytes, const Tensor& to,
             std::span<std::uint8_t> to_bytes);

// The first of these float32 that is infinite or no number.
std::optional<std::size_t> first_not_finite(std::span<const std::uint8_t> floats);

}  // namespace tinyhil
