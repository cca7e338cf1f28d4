// SPDX-License-Identifier: Apache-2.0
// The inputs and outputs of a trial's model. The first of each are named by the trial's own row, those after
// them are rows of trial_tensor.
#pragma once

#include <cstdint>

#include "checked_row.hpp"
#include "model/trial.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// From eight columns: dtype, rank, dim0 to dim3, scale and zero point.
Tensor tensor_at(const Connection& connection, const Statement& stored, const CheckedRow& row, int column);

// Adds those after the first to `info`, whose input and output are the first. Throws Error(bench_fault) where
// one is missing or there are more than a model may have.
void load_further_tensors(Connection& connection, std::int64_t trial, TrialInfo& info);

}  // namespace tinyhil::store
