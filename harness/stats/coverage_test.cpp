// SPDX-License-Identifier: Apache-2.0
// Confidence statements hold at their level: thousands of seeded campaigns whose truth is known. Formulas
// with a simulation of their own have it in their own test. Tolerances are about three binomial standard
// deviations.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "intervals.hpp"
#include "order_statistics.hpp"
#include "paired_mean.hpp"
#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

struct Misses {
  double above = 0, below = 0;  // share of campaigns whose bound missed the truth on that side
};

Pairs draw_pairs(double lost, double gained, std::uint64_t n, SeededRandom& random) {
  const std::uint64_t of_lost = random.binomial(n, lost);
  const std::uint64_t of_gained = random.binomial(n - of_lost, gained / (1 - lost));
  return {static_cast<double>(of_lost), static_cast<double>(of_gained), static_cast<double>(n)};
}

Misses paired_misses(double lost, double gained, std::uint64_t n, SeededRandom& random) {
  constexpr int kCampaigns = 800;
  Misses misses;
  for (int i = 0; i < kCampaigns; ++i) {
    const Pairs pairs = draw_pairs(lost, gained, n, random);
    misses.above += p_worse(pairs, lost - gained) < 0.05;
    misses.below += p_not_worse(pairs, lost - gained) < 0.05;
  }
  return {misses.above / kCampaigns, misses.below / kCampaigns};
}

TEST(Coverage, OfPairedBoundsIsAsStated) {
  SeededRandom random(71);
  struct Case {
    double lost, gained;
    std::uint64_t n;
  };
  for (const Case& c : {Case{0.02, 0.01, 2570}, {0.02, 0.02, 500}, {0.1, 0.05, 200}, {0.05, 0.05, 100}}) {
    const Misses misses = paired_misses(c.lost, c.gained, c.n, random);
    EXPECT_LT(misses.above, 0.07) << c.lost << ' ' << c.n;
    EXPECT_LT(misses.below, 0.07) << c.lost << ' ' << c.n;
    EXPECT_GT(misses.below, 0.02) << c.lost << ' ' << c.n;
  }
}

TEST(Coverage, OfPairedBoundsHoldsWithFewDisagreements) {
  SeededRandom random(72);
  const Misses rare = paired_misses(0.004, 0.002, 400, random);
  EXPECT_LT(rare.above, 0.07);
  EXPECT_LT(rare.below, 0.07);
}

TEST(Coverage, OfAPassAtTheMarginIsTheErrorLevel) {
  SeededRandom random(73);
  constexpr int kCampaigns = 4000;
  int passes = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    passes += p_not_worse(draw_pairs(0.02, 0.01, 2570, random), 0.01) < 0.05;
  }
  EXPECT_NEAR(passes, kCampaigns * 0.045, kCampaigns * 0.010);
}

TEST(Coverage, OfRankBoundsHoldsForASkewedDistribution) {
  SeededRandom random(74);
  constexpr int kCampaigns = 1500;
  constexpr std::uint64_t kN = 400;
  const double truth = -std::log(0.01);  // p99 of the exponential distribution
  const std::uint64_t high = *upper_rank(kN, 0.99, 0.95), low = *lower_rank(kN, 0.99, 0.95);
  int above = 0, below = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    std::vector<double> values(kN);
    for (double& value : values) value = -std::log(random.uniform());
    std::sort(values.begin(), values.end());
    above += values[high - 1] < truth;
    below += values[low - 1] > truth;
  }
  EXPECT_LE(above, kCampaigns * 0.067);
  EXPECT_LE(below, kCampaigns * 0.067);
}

// Not simulated: the chance of every outcome is summed up.
double exact_coverage(Interval (*interval)(std::uint64_t, std::uint64_t, double), std::uint64_t n, double p) {
  double covered = 0, chance = std::pow(1 - p, static_cast<double>(n));
  for (std::uint64_t x = 0; x <= n; ++x) {
    const Interval limits = interval(x, n, 0.95);
    if (limits.low <= p && p <= limits.high) covered += chance;
    chance *= static_cast<double>(n - x) / static_cast<double>(x + 1) * p / (1 - p);
  }
  return covered;
}

TEST(Coverage, OfClopperPearsonIsNeverBelowItsLevel) {
  for (const std::uint64_t n : {5, 30, 100}) {
    for (double p = 0.01; p < 0.995; p += 0.007) EXPECT_GE(exact_coverage(clopper_pearson, n, p), 0.95) << p;
  }
}

TEST(Coverage, OfWilsonIsItsLevelOnAverage) {
  double sum = 0, count = 0;
  for (double p = 0.01; p < 0.995; p += 0.007, ++count) sum += exact_coverage(wilson, 60, p);
  EXPECT_NEAR(sum / count, 0.95, 0.005);
}

}  // namespace
}  // namespace tinyhil::stats
