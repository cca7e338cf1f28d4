// SPDX-License-Identifier: Apache-2.0
// Do vectors and a model fit each other? Asked of the model's file before a board is touched, and of the
// board.
#pragma once

#include <string>

#include "base/tensor_list.hpp"
#include "model/campaign.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::campaign {

// " 1" of a tensor that is one of several, nothing of the only one: "the input 1 of `m`", "the input of `m`".
std::string number_of(const TensorList& list, std::size_t index);

// They differ by no more than the rounding of the last bit of a scale.
bool same_quantisation(const Tensor& a, const Tensor& b);

// Error(usage) unless the model, whose input that is, takes vectors of this number of tensors, each of this
// type, shape and quantisation.
void check_input(const VectorSet& vectors, const ModelFile& model, const TensorList& input);

// Error(usage) unless the model's golden outputs, where it names some, are as many as its own, each as large
// and of the same type.
void check_golden(const VectorSet& vectors, const ModelFile& model, const TensorList& output);

// Error(usage) when the campaign asks for the largest elements of several outputs, or of one with more than
// an index can name.
void check_top_k(const Campaign& campaign, const ModelFile& model, const TensorList& output);

}  // namespace tinyhil::campaign
