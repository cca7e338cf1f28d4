// SPDX-License-Identifier: Apache-2.0
// Bounds for a mean of bounded values that come in groups (windows of one speaker, images of one machine):
// groups are independent, what is in a group need not be. The mean is that of a vector, sum of totals over
// sum of sizes. Nothing is assumed of how alike a group is, nor of the spread between groups, which a
// variance from 24 unlike groups misjudges: N. Gaffke, "Three test statistics for a nonparametric one-sided
// hypothesis on the mean of a nonnegative variable", Math. Methods Statist. 14 (2005) 451-467; E.
// Learned-Miller and P. S. Thomas, "A new confidence interval for the mean of a bounded random variable"
// (2019). It is the Bayesian bootstrap over groups with one group more, never seen, at the worst value:
//   p(mean) = P(sum of g_j (total_j - mean size_j) + g_0 (worst - mean) size_0 <= 0),  g ~ Exp(1)
// For single values of 0 and 1 that is Clopper and Pearson's exact bound; for many groups it is as narrow as
// the normal approximation; and when every group shows the best value, 3 / margin groups are needed at 95 %.
// The group never seen has the size that a bad vector's group has if large groups are the bad ones, sum of
// size^3 / sum of size^2. With the size of any vector's group, one less in the exponents, up to 11 % of
// simulated sets at the margin pass at 5 % where only large groups are bad; with this size 5 %.
#pragma once

#include <span>

namespace tinyhil::stats {

struct GroupTotal {
  double sum = 0;     // of the values of its vectors
  double size = 1;    // its vectors; > 0
  double groups = 1;  // so many such groups; whole. Equal ones cost no more than one
};

// One-sided p-values against "the mean is at most / at least `mean`": small, it is above / below. No value of
// any group, seen or not, is below `lowest` (above `highest`). 1 without groups.
//   Three speakers of 10 words each, 0, 0 and 2 of them lost: is less than half lost?
//   p_below(std::vector<GroupTotal>{{0, 10, 2}, {2, 10, 1}}, 0.5, 1)
double p_above(std::span<const GroupTotal> groups, double mean, double lowest);
double p_below(std::span<const GroupTotal> groups, double mean, double highest);

// Bounds of the mean, each alone holding with `confidence`; `lowest` and `highest` without groups.
double mean_lower_bound(std::span<const GroupTotal> groups, double lowest, double confidence);
double mean_upper_bound(std::span<const GroupTotal> groups, double highest, double confidence);

}  // namespace tinyhil::stats
