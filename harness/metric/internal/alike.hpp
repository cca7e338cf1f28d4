// SPDX-License-Identifier: Apache-2.0
// What of two trials can be held against each other, before any row is looked at.
#pragma once

#include <string>

#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::metric {

// Throws Error(usage) unless the vectors' task can score the trial's outputs. A trial without rows has not
// met its model, so there is nothing to check yet.
void check_output(const Trial& trial, const VectorSet& vectors);

// Why one step of the one output is not one step of the other, or of one is not known; empty when it is.
std::string unlike_outputs(const Trial& candidate, const Trial& baseline);

// Why a tick of the one is not a tick of the other, or is no latency; empty when ticks can be subtracted.
std::string unlike_ticks(const TrialInfo& candidate, const TrialInfo& baseline);

}  // namespace tinyhil::metric
