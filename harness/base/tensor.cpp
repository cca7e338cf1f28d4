// SPDX-License-Identifier: Apache-2.0
#include "tensor.hpp"

#include <algorithm>
#include <cassert>

#include "internal/saturating.hpp"

namespace tinyhil {
const char* to_string(DType dtype) {
  switch (dtype) {
    case DType::int8:
      return "int8";
    case DType::uint8:
      return "uint8";
    case DType::int16:
      return "int16";
    case DType::int32:
      return "int32";
    case DType::float32:
      return "float32";
  }
  return "unknown";
}

std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::int8:
    case DType::uint8:
      return 1;
    case DType::int16:
      return 2;
    case DType::int32:
    case DType::float32:
      return 4;
  }
  assert(false && "a dtype that is none");
  return 0;
}

std::size_t Tensor::elements() const {
  const std::size_t used = std::min<std::size_t>(rank, dims.size());
  std::size_t count = 1;
  for (std::size_t i = 0; i < used; ++i) {
    if (dims[i] == 0) return 0;
    count = saturating_product(count, dims[i]);
  }
  return count;
}

std::size_t Tensor::bytes() const { return saturating_product(elements(), size_of(dtype)); }

std::string Tensor::shape() const {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(rank, dims.size()); ++i)
    text += (i == 0 ? "" : "x") + std::to_string(dims[i]);
  return (text.empty() ? "scalar" : text) + ' ' + to_string(dtype);
}

}  // namespace tinyhil
