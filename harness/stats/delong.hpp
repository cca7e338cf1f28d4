// SPDX-License-Identifier: Apache-2.0
// The difference of two areas under the ROC curve, measured on the same vectors. E. R. DeLong, D. M. DeLong
// and D. L. Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
// characteristic curves", Biometrics 44 (1988) 837-845, by midranks in O(n log n) after X. Sun and W. Xu
// (IEEE Signal Processing Letters 21 (2014) 1389-1393).
#pragma once

#include <cstdint>
#include <optional>

#include "model/comparison.hpp"
#include "model/scorecard.hpp"

namespace tinyhil {

struct AucDifference {
  double candidate = 0;  // areas
  double baseline = 0;
  double se = 0;  // of the difference; 0 for equal ranks, and when both separate the classes perfectly
  std::uint64_t positives = 0;
  std::uint64_t negatives = 0;

  double difference() const { return candidate - baseline; }
  double z() const;            // 0 for no difference at all, else infinite, when se is 0
  double p_two_sided() const;  // 1 for no difference at all

  // Each bound alone holds with `confidence`: difference -+ z se. With se = 0 that would be certainty from
  // any number of vectors; then k = min(positives, negatives) disjoint pairs were all ranked alike, so
  // another kind of pair has at most the share q = 1 - (1 - confidence)^(1/k): d - q (1 + d) .. d + q (1 -
  // d).
  Interval bounds(double confidence) const;
};

// Nothing with fewer than two vectors of either kind (no variance, or no area at all), or when a score is not
// a number. Infinite scores are ranked as such.
std::optional<AucDifference> delong(const ClassScores& scores);

}  // namespace tinyhil
