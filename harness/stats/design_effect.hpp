// SPDX-License-Identifier: Apache-2.0
// Vectors that share a source (words of one speaker, images of one person) are not independent. How much
// the variance of the paired difference grows because of it: L. Kish's design effect by the ratio estimator
// (W. G. Cochran, "Sampling Techniques", 1977, chapter 6; J. N. K. Rao and A. J. Scott, Biometrics 48 (1992)
// 577-585), so that a table of pairs may be scaled to as many independent vectors as it is worth.
#pragma once

#include <span>

#include "model/comparison.hpp"
#include "paired_mean.hpp"

namespace tinyhil::stats {

// Cluster-robust variance of the mean difference over its variance if all vectors were independent; never
// below 1, and 1 when each group holds one vector. One further disagreement is added that takes its share of
// a whole group with it: without any disagreement nothing is known of how vectors hang together, and the
// answer is the worst case, all of a group alike, sum of n_g^2 / n. That also is the answer for one group
// alone. Empty groups do not count.
double design_effect(std::span<const PairCounts> groups);

// All pairs, scaled to their independent worth: by 1 / design effect, and for few groups by (z / t)^2 with
// (groups - 1) degrees of freedom (E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201), so
// that one-sided bounds at `confidence` stay honest. A single group is worth one vector.
Pairs independent_worth(std::span<const PairCounts> groups, double confidence);

}  // namespace tinyhil::stats
