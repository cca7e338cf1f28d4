// SPDX-License-Identifier: Apache-2.0
// Shape, type and quantisation of what goes into and comes out of a model. Data is row-major and
// little-endian.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tinyhil {

enum class DType : std::uint8_t { int8 = 1, uint8 = 2, int16 = 3, int32 = 4, float32 = 5 };  // as thil_dtype

const char* to_string(DType dtype);
std::size_t size_of(DType dtype);  // bytes of one element

struct Tensor {
  DType dtype = DType::int8;
  std::uint8_t rank = 0;
  std::array<std::uint32_t, 4> dims{1, 1, 1, 1};  // 1 from dims[rank] on
  float scale = 0;                                // 0: not quantised; else real = scale * (q - zero_point)
  std::int32_t zero_point = 0;

  std::size_t elements() const;
  std::size_t bytes() const;  // elements() * size_of(dtype)
  std::string shape() const;  // "1x49x10x1 int8"
  bool operator==(const Tensor&) const = default;
};

}  // namespace tinyhil
