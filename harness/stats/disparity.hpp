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

namespace tinyhil {

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
//   U_ij = p_i - p_j + sqrt((u_i - p_i)^2 + (p_j - l_j)^2),   L_ij = p_i - p_j - sqrt((p_i - l_i)^2 + (u_j -
//   p_j)^2)
// The upper bound is the largest U_ij, each at alpha / M for M pairs; the lower one the largest L_ij, at
// alpha / 2M, because any ordered pair can be the one that misleads. The upper bound is conservative: only
// the pair that truly is farthest apart has to be covered. A group without observations may have any rate:
// the upper bound is then 1. Fewer than two groups: no gap.
Gap largest_gap(std::span<const GroupRate> groups, double confidence);

struct GapChange {
  double estimate = 0;  // G of the candidate - G of the baseline
  Interval interval;    // each bound alone holds with the confidence asked for
};

// Percentile bootstrap, stratified by group and paired: each group's four cells are drawn anew as one
// multinomial of its size. In a group without disagreements the bootstrap would see none ever; therefore z^2
// / 2 losses and gains are added to its cells, after A. Agresti and B. Coull (1998), which keeps at least the
// width of Tango's interval there. One seed, one answer. A group without vectors may have changed by
// anything: -1 .. 1.
GapChange gap_change(std::span<const PairCounts> groups, double confidence, std::uint64_t seed,
                     std::size_t resamples = 9999);

}  // namespace tinyhil
