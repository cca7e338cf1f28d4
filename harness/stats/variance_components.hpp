// SPDX-License-Identifier: Apache-2.0
// How much of the spread of values lies between groups, such as boards, and how much within them: the one-way
// random effects model y_ij = mean + group_i + rest_ij, estimated by the analysis of variance (S. R. Searle,
// G. Casella and C. E. McCulloch, Variance Components, 1992, section 3.6; groups of unequal size by n0).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace tinyhil::stats {

struct GroupMoments {
  std::uint64_t n = 0;
  double mean = 0;
  double squares = 0;  // of the values' distances from their mean, summed
};

GroupMoments moments_of(std::span<const double> values);

struct VarianceComponents {
  double between = 0;  // variance of the groups' true means; 0 where they differ less than chance alone would
  double within = 0;   // variance of the values of one group
  double f = 0;        // mean square between over that within; infinite where only groups differ
  double p = 1;        // of F, if the groups' true means are equal and the rest is normal
  double icc = 0;      // intraclass correlation, between / (between + within); 0 where all values are equal
};

// Nothing with fewer than two groups that have values, or no more values than groups.
std::optional<VarianceComponents> one_way(std::span<const GroupMoments> groups);

}  // namespace tinyhil::stats
