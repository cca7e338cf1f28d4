// SPDX-License-Identifier: Apache-2.0
#include "paired_mean.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "intervals.hpp"

namespace tinyhil::stats {
namespace {

TEST(PairedMean, IsClopperAndPearsonsBoundWhereNothingIsGained) {
  for (const auto& [lost, n] : {std::pair{0, 299}, {5, 300}, {1, 43}, {37, 120}, {3, 10'000}}) {
    const Interval share =
        clopper_pearson(static_cast<std::uint64_t>(lost), static_cast<std::uint64_t>(n), 0.9);
    EXPECT_NEAR(lower_bound(Pairs{double(lost), 0, double(n)}, 0.95), -share.high, 1e-9) << lost << ' ' << n;
  }
}

TEST(PairedMean, TakesTheRuleOfThreeToShowThatNothingIsLost) {
  EXPECT_LT(p_not_worse(Pairs{0, 0, 299}, 0.01), 0.05);
  EXPECT_GT(p_not_worse(Pairs{0, 0, 298}, 0.01), 0.05);
  EXPECT_GT(p_not_worse(Pairs{0, 0, 43}, 0.06), 0.05);  // a score interval passes this table
  EXPECT_NEAR(p_not_worse(Pairs{0, 0, 43}, 0.06), std::pow(0.94, 43), 1e-9);
}

// P(W_gained - W_lost <= -margin), weights by Dirichlet(lost + 1, gained, rest), integrated with scipy.
TEST(PairedMean, HasThePValuesOfItsDefinition) {
  EXPECT_NEAR(p_not_worse(Pairs{12, 9, 500}, 0.01), 0.40750170, 1e-6);
  EXPECT_NEAR(p_not_worse(Pairs{40, 20, 160}, 0.2), 0.07018055, 1e-6);
  EXPECT_NEAR(p_not_worse(Pairs{1, 7, 100}, 0.01), 0.01575684, 1e-6);
  EXPECT_NEAR(p_not_worse(Pairs{150, 120, 10'000}, 0.005), 0.12391017, 1e-6);
  EXPECT_NEAR(p_worse(Pairs{30, 8, 121}, 0.06), 0.01038702, 1e-6);
}

TEST(PairedMean, MirrorsWhenLossesAndGainsAreExchanged) {
  EXPECT_NEAR(lower_bound(Pairs{3, 11, 200}, 0.95), -upper_bound(Pairs{11, 3, 200}, 0.95), 1e-9);
  EXPECT_NEAR(lower_bound(Pairs{0, 6, 200}, 0.95), -upper_bound(Pairs{6, 0, 200}, 0.95), 1e-9);
}

TEST(PairedMean, StopsAtTheEndsOfTheRange) {
  EXPECT_EQ(lower_bound(Pairs{5, 0, 5}, 0.95), -1);
  EXPECT_LT(upper_bound(Pairs{5, 0, 5}, 0.95), 0);
  EXPECT_EQ(upper_bound(Pairs{0, 5, 5}, 0.95), 1);
  EXPECT_GT(lower_bound(Pairs{0, 5, 5}, 0.95), 0);
  EXPECT_EQ(lower_bound(Pairs{0, 0, 0}, 0.95), -1);
  EXPECT_EQ(upper_bound(Pairs{0, 0, 0}, 0.95), 1);
  EXPECT_EQ(p_not_worse(Pairs{0, 0, 0}, 0.1), 1);
}

TEST(PairedMean, BoundsTheDifferenceOfEveryTableOfAFewPairs) {
  for (int n = 1; n <= 6; ++n) {
    for (int lost = 0; lost <= n; ++lost) {
      for (int gained = 0; lost + gained <= n; ++gained) {
        const Pairs pairs{double(lost), double(gained), double(n)};
        const double low = lower_bound(pairs, 0.95), high = upper_bound(pairs, 0.95);
        EXPECT_TRUE(-1 <= low && low <= pairs.difference() && pairs.difference() <= high && high <= 1);
        if (low <= -1 || low >= 0) continue;  // the p-values are of margins
        EXPECT_NEAR(p_not_worse(pairs, -low), 0.05, 1e-6) << lost << ' ' << gained << ' ' << n;
      }
    }
  }
}

double chance_of(int count, int n, double share) {
  if (share <= 0) return count == 0 ? 1 : 0;
  return std::exp(std::lgamma(n + 1.0) - std::lgamma(count + 1.0) - std::lgamma(n - count + 1.0) +
                  count * std::log(share) + (n - count) * std::log1p(-share));
}

// The chance to pass exactly at the margin, summed over all tables: for each number of gains the largest
// number of losses that passes.
double size(int n, double margin, double gained) {
  const double lost = margin + gained;
  double sum = 0;
  int most = -1;
  for (int gains = 0; gains <= n; ++gains) {
    const double chance = chance_of(gains, n, gained);
    while (most + 1 + gains <= n && p_not_worse(Pairs{most + 1.0, double(gains), double(n)}, margin) < 0.05)
      ++most;
    for (int losses = 0; losses <= std::min(most, n - gains); ++losses)
      sum += chance * chance_of(losses, n - gains, lost / (1 - gained));
    if (gains > n * gained && chance < 1e-9) break;
  }
  return sum;
}

TEST(PairedMean, PassesNoMoreThanAlphaExactlyAtTheMargin) {
  struct Case {
    int n;
    double margin;
  };
  for (const Case& c : {Case{11, 0.2},
                        {25, 0.1},
                        {43, 0.06},
                        {59, 0.05},
                        {135, 0.02},
                        {150, 0.06},
                        {268, 0.01},
                        {300, 0.08}}) {
    for (const double gained : {0.0, 0.0005, 0.01, 0.04}) {
      const double passes = size(c.n, c.margin, gained);
      EXPECT_LE(passes, 0.05) << c.n << ' ' << c.margin << ' ' << gained;
    }
  }
  EXPECT_GT(size(150, 0.06, 0), 0.0495);  // and not by never passing
}

}  // namespace
}  // namespace tinyhil::stats
