// SPDX-License-Identifier: Apache-2.0
// The baseline's second run (TrialRole::control) held against its first.
#pragma once

#include "model/control_score.hpp"
#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {

// A vector is paired once, by each run's first repeat whose output counts (answers.hpp); one that the control
// never came to is in no count. Both trials are of these vectors (asserted), their rows ordered by vector and
// repeat. Throws Error(bench_fault) when rows do not fit the output that their trial describes.
ControlScore control_score(const Trial& control, const Trial& baseline, const VectorSet& vectors);

}  // namespace tinyhil
