// SPDX-License-Identifier: Apache-2.0
// Several boards that divided the vectors of a run -> one Trial of them all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/trial.hpp"

namespace tinyhil::metric {

// Trials of one model, one per board, on boards that are alike (pooling_obstacle(), model/trial.hpp). Of a
// vector that several of them ran, the rows of the board are taken that `from` names by its index here;
// without it, the first one's. Complete when all are; faulted when one
// is, by its fault. The boards' names and serial numbers are joined by `+`, and each survived fault says on
// which board it was.
Trial pooled(const std::vector<const Trial*>& boards, std::span<const std::uint16_t> from = {});

}  // namespace tinyhil::metric
