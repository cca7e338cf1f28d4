// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "model/comparison.hpp"
#include "model/scorecard.hpp"

namespace tinyhil::stats {

// x_(rank), from 1. Needs 1 <= rank <= the number of observations.
std::int64_t value_at(const Histogram& histogram, std::uint64_t rank);

// By which factor a quantile grew from the baseline to the candidate. Each side has the bounds that hold for
// every distribution (order_statistics.hpp); on the logarithm they are combined by MOVER (G. Y. Zou and A.
// Donner, Statistics in Medicine 27 (2008) 1693-1702), for independent samples: with the same vectors on both
// sides it is too wide rather than too narrow.
struct QuantileRatio {
  double estimate = 1;
  std::optional<Interval> interval;  // each bound alone holds with the confidence asked for; none: too few
};

// Nothing when a side is empty or has a value below 1.
std::optional<QuantileRatio> quantile_ratio(const Histogram& baseline, const Histogram& candidate, double p,
                                            double confidence);

}  // namespace tinyhil::stats
