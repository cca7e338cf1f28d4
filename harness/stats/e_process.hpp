// SPDX-License-Identifier: Apache-2.0
// Evidence that may be looked at after every vector: betting e-processes for the mean of the paired
// difference D in {-1, 0, +1} (candidate right minus baseline right), or within -1 .. 1. Under the hypothesis
// an e-process is a nonnegative martingale that starts at 1, so by Ville's inequality it ever reaches 1/alpha
// with probability alpha at most, however often one looks and whenever one stops. I. Waudby-Smith and A.
// Ramdas, "Estimating means of bounded random variables by betting", JRSS B 86 (2024).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/scorecard.hpp"
#include "paired_mean.hpp"

namespace tinyhil::stats {

// Natural logarithms: ten million vectors go far beyond a double.
struct EValues {
  double log_pass = 0;  // against "the difference is -margin or less": large, it is better than that
  double log_fail = 0;  // against "the difference is -margin or more": large, it is worse than that
};

// 1/alpha reached.
bool is_evidence(double log_e, double alpha);

// The stakes of three gamblers, whose mean is the e-value: half, once and twice margin / psi0, where psi0 is
// the share of vectors on which the models are expected to disagree. A wrong psi0 costs vectors, never
// validity.
class Betting {
 public:
  explicit Betting(double margin, double psi0);
  explicit Betting(double margin) : Betting(margin, 3 * margin) {}

  // Of vectors drawn from an endless supply. From the counts alone: their order does not matter, and counts
  // of shards add up. Fractions of differences that are neither -1, 0 nor 1 may be among the counts, +0.3 as
  // 0.3 gained of one vector: the logarithm is concave, so that gives less evidence than there is, never
  // more.
  EValues of(const Pairs& pairs) const;

  // {d : neither e-process against d has reached 1/alpha}: holds at all times together, each end with
  // confidence 1 - alpha. -1 .. 1 without pairs.
  Interval confidence_sequence(const Pairs& pairs, double alpha) const;

  // How many vectors beyond `pairs` would be expected to reach 1/alpha for a pass, if the rates seen so far
  // are the true ones. Nothing when they would never: the difference seen is at or near the margin.
  std::optional<std::uint64_t> more_vectors(const Pairs& pairs, double alpha) const;

 private:
  friend class FiniteBetting;
  static double log_mean(const std::array<double, 3>& logs);
  double log_above(const Pairs& pairs, double d) const;  // against "at most d"
  double log_below(const Pairs& pairs, double d) const;  // against "at least d"

  double margin_;
  std::array<double, 3> stakes_;
};

// The same about one set of `size` vectors, drawn from it in random order without replacement: what is still
// unseen bounds what can still happen, so it decides sooner, and always by the last vector. The order of the
// draws counts.
class FiniteBetting {
 public:
  // About "the mean of the set is `mean`".
  FiniteBetting(const Betting& betting, std::uint64_t size, double mean);
  FiniteBetting(const Betting& betting, std::uint64_t size)
      : FiniteBetting(betting, size, -betting.margin_) {}

  void add(double difference);  // of the next vector, -1 .. 1; not more than `size` times
  EValues values() const;       // infinite where the hypothesis has become impossible

 private:
  const Betting betting_;
  double size_;
  double mean_;
  double drawn_ = 0;
  double sum_ = 0;
  std::array<double, 3> log_pass_{}, log_fail_{};
  bool surely_pass_ = false, surely_fail_ = false;
};

struct FiniteDraws {
  const std::vector<double>& differences;  // in the order of drawing
  std::uint64_t of_set = 0;                // size of the set they were drawn from
};

EValues finite_values(const Betting& betting, const FiniteDraws& draws, double mean);
// Confidence sequence of the set's mean; the mean itself when all of it was drawn. To 1e-6.
Interval finite_bounds(const Betting& betting, const FiniteDraws& draws, double alpha);

}  // namespace tinyhil::stats
