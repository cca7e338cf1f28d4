// SPDX-License-Identifier: Apache-2.0
// By how much one distribution of integers is shifted against another. J. L. Hodges and E. L. Lehmann,
// "Estimates of location based on rank tests", Annals of Mathematical Statistics 34 (1963) 598-611; the
// intervals after M. Hollander and D. A. Wolfe, "Nonparametric Statistical Methods". Exact on integers: the
// k-th of all differences is found by bisecting its value and counting, O((n + m) log range) in distinct
// values, never n * m. (R's wilcox.test without exact = TRUE searches a root of the test instead: 3.000022
// where this says 3.)
#pragma once

#include <optional>

#include "model/comparison.hpp"
#include "model/scorecard.hpp"

namespace tinyhil::stats {

struct Shift {
  double estimate = 0;               // in the unit of the values; half units occur
  std::optional<Interval> interval;  // each bound alone holds with the confidence asked for; none: too few
};

// Two samples: the median of all candidate - baseline. Nothing when one is empty.
std::optional<Shift> shift(const Histogram& baseline, const Histogram& candidate, double confidence);

// Pairs, given as the histogram of candidate - baseline: the median of all means of two (Walsh averages),
// each with itself too. Zeros count like any other value. Assumes that the differences lie symmetrically
// about their centre. Nothing without pairs.
std::optional<Shift> paired_shift(const Histogram& differences, double confidence);

}  // namespace tinyhil::stats
