// SPDX-License-Identifier: Apache-2.0
// From an array as numpy saved it to what a VectorSet holds, or Error(usage) that names the array.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "npy.hpp"

namespace tinyhil {

// First dimension must be `count`: "array `labels` has 1190 entries, `inputs` 1200".
void check_rows(const NpyArray& array, std::size_t count);
void check_vector_of_integers(const NpyArray& array, std::size_t count);

// Which integers an element may be; `otherwise` ends the complaint "has -1 at index 17, <otherwise>".
struct IntegerRange {
  std::int64_t low;
  std::int64_t high;
  std::string otherwise;
};

// Element `index`.
std::int64_t integer_within(const NpyArray& array, std::size_t index, const IntegerRange& range);

// [count] indices below `limit`, the number of entries of the array `of`.
std::vector<std::uint16_t> codes(const NpyArray& array, std::size_t count, std::size_t limit,
                                 const std::string& of);

// [K] distinct, non-empty texts, K from 1 to 65,534.
std::vector<std::string> names(const NpyArray& array);

// All elements as float32, each of them finite. Floats and integers.
std::vector<float> finite_reals(const NpyArray& array);

DType tensor_dtype(const NpyArray& array);
float positive_scalar(const NpyArray& array);
std::int32_t integer_scalar(const NpyArray& array);

}  // namespace tinyhil
