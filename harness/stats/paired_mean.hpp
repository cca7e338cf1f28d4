// SPDX-License-Identifier: Apache-2.0
// The difference of two accuracies measured on the same vectors: the mean of -1 (lost), 0 and +1 (gained),
// bounded as in group_mean.hpp, each vector a group of its own. With losses alone that is Clopper and
// Pearson's exact bound; with gains too, summed over all tables for margins of 1 to 20 % and 5 to 1,000
// vectors, a candidate exactly at the margin passes at 5 % in 4.99 % of campaigns at most. Score intervals
// (T. Tango, Statistics in Medicine 17 (1998) 891-908) pass up to 7.2 % of them, all those included that pass
// here.
#pragma once

namespace tinyhil::stats {

// Vectors that both models were given. Counts; fractions of one only in a table scaled to another size.
struct Pairs {
  double lost = 0;    // b: baseline right, candidate wrong
  double gained = 0;  // c: baseline wrong, candidate right
  double n = 0;

  double difference() const { return n == 0 ? 0 : (gained - lost) / n; }   // candidate - baseline
  double discordance() const { return n == 0 ? 0 : (lost + gained) / n; }  // psi
  Pairs scaled(double factor) const;                                       // still lost + gained <= n
};

// One-sided p-values against "the difference is -margin": small, it is better / worse than that. 1 without
// pairs. -1 < margin < 1.
double p_not_worse(const Pairs& pairs, double margin);
double p_worse(const Pairs& pairs, double margin);

// Bounds of the difference, each alone holding with `confidence`; -1 and 1 without pairs.
double lower_bound(const Pairs& pairs, double confidence);
double upper_bound(const Pairs& pairs, double confidence);

}  // namespace tinyhil::stats
