// SPDX-License-Identifier: Apache-2.0
// Do vectors and a model fit each other? Asked of the model's file before a board is touched, and of the
// board.
#pragma once

#include <string>

#include "base/tensor.hpp"
#include "model/campaign.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {

// They differ by no more than the rounding of the last bit of a scale.
bool same_quantisation(const Tensor& a, const Tensor& b);

// Error(usage) unless the model, whose input that is, takes vectors of this type, shape and quantisation.
void check_input(const VectorSet& vectors, const ModelFile& model, const Tensor& input);

// Error(usage) unless the model's golden outputs, where it names some, are as large as its own and of its
// type.
void check_golden(const VectorSet& vectors, const ModelFile& model, const Tensor& output);

// Error(usage) when the campaign asks for the largest elements of an output with more than an index can name.
void check_top_k(const Campaign& campaign, const ModelFile& model, const Tensor& output);

}  // namespace tinyhil
