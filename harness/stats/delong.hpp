// SPDX-License-Identifier: Apache-2.0
// The difference of two areas under the ROC curve, measured on the same vectors. E. R. DeLong, D. M. DeLong
// and D. L. Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
// characteristic curves", Biometrics 44 (1988) 837-845, by midranks in O(n log n) after X. Sun and W. Xu
// (IEEE Signal Processing Letters 21 (2014) 1389-1393).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/comparison.hpp"
#include "model/scorecard.hpp"

namespace tinyhil::stats {

struct AucDifference {
  double candidate = 0;  // areas
  double baseline = 0;
  double se = 0;  // of the difference; 0 for equal ranks, and when both separate the classes perfectly
  std::uint64_t positives = 0;
  std::uint64_t negatives = 0;

  double difference() const { return candidate - baseline; }
  double z() const;            // 0 for no difference at all, else infinite, when se is 0
  double p_two_sided() const;  // 1 for no difference at all

  // Each bound alone holds with `confidence` where vectors of both kinds are many and the areas are not near
  // 1: difference -+ z se. Else auc_bounds.hpp.
  Interval bounds(double confidence) const;
};

// Nothing with fewer than two vectors of either kind (no variance, or no area at all), or when a score is not
// a number. Infinite scores are ranked as such.
std::optional<AucDifference> delong(const ClassScores& scores);

// [vector] of the other kind, the share that the candidate ranks it right against, less the baseline's: their
// mean over the positives, and over the negatives, is the difference of the areas. Needs a vector of either
// kind, and numbers.
std::vector<double> placement_changes(const ClassScores& scores);

}  // namespace tinyhil::stats
