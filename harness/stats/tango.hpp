// SPDX-License-Identifier: Apache-2.0
// Tango's score statistic for the difference of two paired proportions. T. Tango, "Equivalence test and
// confidence interval for the difference in proportions for the paired-sample design", Statistics in Medicine
// 17 (1998) 891-908. Good with few disagreements, even with none, where Wald's interval collapses.
#pragma once

namespace tinyhil {

// Vectors that both models were given. Counts; fractions of one only in a table scaled to another size.
struct Pairs {
  double lost = 0;    // b: baseline right, candidate wrong
  double gained = 0;  // c: baseline wrong, candidate right
  double n = 0;

  double difference() const { return n == 0 ? 0 : (gained - lost) / n; }   // candidate - baseline
  double discordance() const { return n == 0 ? 0 : (lost + gained) / n; }  // psi
  Pairs scaled(double factor) const { return {lost * factor, gained * factor, n * factor}; }
};

// Z(d) of "the difference is d": falls with d, 0 at the observed difference. Needs n > 0 and -1 < d < 1.
double tango_z(const Pairs& pairs, double d);

// One-sided p-values against "the difference is -margin". Small: better than that; small: worse than that.
double p_not_worse(const Pairs& pairs, double margin);
double p_worse(const Pairs& pairs, double margin);

// Bounds of the difference, each alone holding with `confidence`; -1 and 1 without pairs. To 1e-12.
double lower_bound(const Pairs& pairs, double confidence);
double upper_bound(const Pairs& pairs, double confidence);

}  // namespace tinyhil
