// SPDX-License-Identifier: Apache-2.0
// Vectors in the world's units as a model takes them: floats, or integers whose scale the file tells, become
// the model's own type by its own scale and zero point (base/quantise.hpp), as its firmware would do it.
// Elements of the model's type go as they are.
#pragma once

#include "base/tensor_list.hpp"
#include "vector_set.hpp"

namespace tinyhil {

// Whether vectors of these tensors are to be encoded for a model that takes those.
bool needs_encoding(const TensorList& given, const TensorList& wanted);

// What is sent to the model: `wanted` where elements are encoded, `given` where they go as they are.
TensorList encoded_input(const TensorList& given, const TensorList& wanted);

// Inputs only, with the file that they are of. needs_encoding() holds, and check_finite() was passed.
VectorSet encoded(const VectorSet& vectors, const TensorList& wanted);

// Throws Error(usage) that names the first vector with an element that is infinite or no number.
void check_finite(const VectorSet& vectors);

}  // namespace tinyhil
