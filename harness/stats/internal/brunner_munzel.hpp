// SPDX-License-Identifier: Apache-2.0
// E. Brunner and U. Munzel, "The nonparametric Behrens-Fisher problem", Biometrical Journal 42 (2000) 17-25:
// is one of the candidate's values as often greater than one of the baseline's as smaller? Unlike
// Mann-Whitney it stands when the spreads differ.
#pragma once

#include <optional>

#include "model/comparison.hpp"

namespace tinyhil::stats {

struct BrunnerMunzel {
  double greater = 0;    // P(candidate > baseline) + P(equal) / 2; 0.5: neither
  double statistic = 0;  // > 0: the candidate's values are greater
  double degrees = 0;    // of freedom, of Student's t
  double p_two_sided = 1;
};

// Nothing with fewer than two observations on a side, or without variance: fully apart, or all equal.
std::optional<BrunnerMunzel> brunner_munzel(const Histogram& baseline, const Histogram& candidate);

}  // namespace tinyhil::stats
