// SPDX-License-Identifier: Apache-2.0
// Confidence intervals for a proportion, two-sided, 0 <= low <= high <= 1. Without observations: 0 .. 1.
#pragma once

#include <cstdint>

#include "model/scorecard.hpp"

namespace tinyhil::stats {

// E. B. Wilson (1927). Close to its nominal coverage except for few observations or counts near 0 and n.
Interval wilson(std::uint64_t successes, std::uint64_t n, double confidence);

// Clopper and Pearson (1934), by quantiles of the beta distribution. Never below its nominal coverage.
Interval clopper_pearson(std::uint64_t successes, std::uint64_t n, double confidence);

// With its 95 % interval: Clopper-Pearson below 40 observations and at 0 and n, else Wilson.
Proportion proportion(std::uint64_t successes, std::uint64_t n);

// The same of `n` values within 0 .. 1 and their sum, by Wilson's interval: no such values have a larger
// variance than 0s and 1s of the same mean.
Proportion bounded_mean(double sum, std::uint64_t n);

}  // namespace tinyhil::stats
