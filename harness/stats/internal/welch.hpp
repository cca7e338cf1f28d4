// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "model/scorecard.hpp"

namespace tinyhil::stats {

// B. L. Welch, "The generalization of Student's problem when several different population variances are
// involved", Biometrika 34 (1947) 28-35: the difference of two means, candidate - baseline, in the unit of
// the values.
struct Welch {
  double difference = 0;
  double se = 0;
  double degrees = 0;  // of freedom

  double t() const { return difference / se; }
  double p_two_sided() const;
  Interval bounds(double confidence) const;  // each bound alone holds with `confidence`
};

// Values have to be independent: means of blocks (blocks.hpp), or of boards. Nothing with fewer than two on a
// side, or when neither side varies: then compare the numbers themselves.
std::optional<Welch> welch(std::span<const double> baseline, std::span<const double> candidate);

}  // namespace tinyhil::stats
