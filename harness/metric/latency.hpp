// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/scorecard.hpp"
#include "rows.hpp"

namespace tinyhil {

// Ticks of the rows whose clock can be trusted. Nothing is counted on a board without a clock, nor in
// throughput mode, where the clock runs while bytes are moved too.
Latency latency(const Rows& rows, const TrialInfo& info);

}  // namespace tinyhil
