// SPDX-License-Identifier: Apache-2.0
// Tests of "both distributions are the same" by ranks, over histograms, ties counted. They inform; a gate
// asks for the size of the shift instead (hodges_lehmann.hpp).
#pragma once

#include <optional>

#include "model/comparison.hpp"

namespace tinyhil::stats {

enum class Continuity { none, corrected };

// A rank statistic and its moments when nothing changed.
struct RankStatistic {
  double value = 0;
  double mean = 0;
  double sd = 0;  // 0: all values are equal

  double p_two_sided(Continuity continuity) const;  // 1 when sd is 0
  double p_greater(Continuity continuity) const;    // the candidate's values are greater; 1 when sd is 0
};

// H. B. Mann and D. R. Whitney (1947), with the correction for ties: U of the candidate = pairs in which its
// value is greater, and half those in which it is equal. Nothing when one side is empty.
std::optional<RankStatistic> mann_whitney(const Histogram& baseline, const Histogram& candidate);

// F. Wilcoxon (1945), from the histogram of candidate - baseline: the sum of the ranks of the positive ones,
// zeros left out. Nothing when all are zero.
std::optional<RankStatistic> signed_rank(const Histogram& differences);

}  // namespace tinyhil::stats
