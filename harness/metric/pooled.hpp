// SPDX-License-Identifier: Apache-2.0
// Several boards that divided the vectors of a run -> one Trial of them all.
#pragma once

#include <vector>

#include "model/trial.hpp"

namespace tinyhil::metric {

// Trials of one model, one per board, on boards that are alike (pooling_obstacle(), model/trial.hpp). Of a
// vector that several of them ran, the first one's rows are taken. Complete when all are; faulted when one
// is, by its fault. The boards' names and serial numbers are joined by `+`, and each survived fault says on
// which board it was.
Trial pooled(const std::vector<const Trial*>& boards);

}  // namespace tinyhil::metric
