// SPDX-License-Identifier: Apache-2.0
// The baseline's second run (TrialRole::control) held against its first.
#pragma once

#include <cstdint>
#include <span>

#include "model/control_score.hpp"
#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::metric {

// A vector is paired once, by each run's first repeat whose output counts (answers.hpp); one that the control
// did not run is in no count. Both trials are of these vectors (asserted), their rows ordered by vector and
// repeat. `order` has the vector numbers as the control ran them, so that neighbours in tick_change are
// neighbours in time; a vector that is not in it is not looked at. Throws Error(bench_fault) when rows do not
// fit the output that their trial describes.
ControlScore control_score(const Trial& control, const Trial& baseline, const VectorSet& vectors,
                           std::span<const std::uint32_t> order);

}  // namespace tinyhil::metric
