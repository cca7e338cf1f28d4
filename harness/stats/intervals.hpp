// SPDX-License-Identifier: Apache-2.0
// Confidence intervals for a proportion, two-sided, 0 <= low <= high <= 1. Without observations: 0 .. 1.
#pragma once

#include <cstdint>

#include "model/scorecard.hpp"

namespace tinyhil {

// E. B. Wilson (1927). Close to its nominal coverage except for few observations or counts near 0 and n.
Interval wilson(std::uint64_t successes, std::uint64_t n, double confidence);

// Clopper and Pearson (1934), by quantiles of the beta distribution. Never below its nominal coverage.
Interval clopper_pearson(std::uint64_t successes, std::uint64_t n, double confidence);

// With its 95 % interval: Clopper-Pearson below 40 observations and at 0 and n, else Wilson.
Proportion proportion(std::uint64_t successes, std::uint64_t n);

}  // namespace tinyhil
