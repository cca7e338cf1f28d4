// SPDX-License-Identifier: Apache-2.0
// How far apart the rates of several groups are: G = largest rate - smallest rate, and how G changed from the
// baseline to the candidate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/comparison.hpp"
#include "model/scorecard.hpp"

#include "group_mean.hpp"

namespace tinyhil::stats {

struct GroupRate {
  std::uint64_t successes = 0;
  std::uint64_t n = 0;
};

// Newcombe's limits (below) of a's rate minus b's, the two of different vectors; each bound alone holds with
// `confidence`. -1 .. 1 when one has no observations.
Interval difference_of_rates(const GroupRate& a, const GroupRate& b, double confidence);

struct Gap {
  double estimate = 0;                  // of the groups with observations
  Interval interval;                    // each bound alone holds with the confidence asked for
  std::size_t highest = 0, lowest = 0;  // the groups that the estimate is of
};

// For each pair of groups, R. G. Newcombe's hybrid score limits (method 10; MOVER) of the difference of two
// independent proportions, from Wilson limits ("Interval estimation for the difference between independent
// proportions", Statistics in Medicine 17 (1998) 873-890):
//   U_ij = p_i - p_j + sqrt((u_i - p_i)^2 + (p_j - l_j)^2)
//   L_ij = p_i - p_j - sqrt((p_i - l_i)^2 + (u_j - p_j)^2)
// The upper bound is the largest U_ij, each at alpha / M for M pairs; the lower one the largest L_ij, at
// alpha / 2M, because any ordered pair can be the one that misleads. The upper bound is conservative: only
// the pair that truly is farthest apart has to be covered. A group without observations may have any rate:
// the upper bound is then 1. Fewer than two groups: no gap.
Gap largest_gap(std::span<const GroupRate> groups, double confidence);

// One slice value, its vectors by group, as group_mean.hpp takes them.
struct ValueTotals {
  std::vector<GroupTotal> baseline, candidate;  // right answers
  std::vector<GroupTotal> change;               // gained less lost
};

ValueTotals totals_of(const PairCounts& vectors);           // each vector is a group of its own
ValueTotals totals_of(std::span<const PairCounts> groups);  // empty ones do not count

// largest_gap()'s interval of the candidate where vectors come in groups: limits after group_mean.hpp in
// place of Wilson's.
Interval largest_gap_bounds(std::span<const ValueTotals> values, double confidence);

struct GapChange {
  double estimate = 0;  // G of the candidate - G of the baseline
  Interval interval;    // each bound alone holds with the confidence asked for
};

// The largest of noisy rates lies above the truth, the more so the nearer the rates, so a plain difference of
// two gaps hides what has grown. Of each ordered pair (g, h) the upper bound is the lower of two, at alpha /
// 2 each, which both lie above c_g - c_h - G_b:
//   - the change of g less that of h, paired, because G_b is at least b_g - b_h;
//   - c_g - c_h less a lower bound of G_b, with half of that half each.
// The largest of these over all pairs is the upper bound: only the pair that truly is farthest apart has to
// be covered. The lower bound is that of the candidate's gap less the upper one of the baseline's, at alpha /
// 2 each. Rates and changes are bounded as in group_mean.hpp, differences combined by MOVER as above.
// A value without vectors may have changed by anything: -1 .. 1.
GapChange gap_change(std::span<const ValueTotals> values, double confidence);

}  // namespace tinyhil::stats
