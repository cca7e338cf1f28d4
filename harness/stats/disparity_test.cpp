// SPDX-License-Identifier: Apache-2.0
// Expected values of one pair: statsmodels.stats.proportion.confint_proportions_2indep(method="newcomb").
#include "disparity.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

using RateGroups = std::vector<GroupRate>;

TEST(LargestGap, OfOnePairIsNewcombesInterval) {
  const RateGroups groups{{48, 50}, {40, 50}};
  const Gap gap = largest_gap(groups, 0.95);
  EXPECT_NEAR(gap.estimate, 0.16, 1e-12);
  EXPECT_NEAR(gap.interval.high, 0.2705913200646644, 1e-9);
  // The lower bound spends half, as the other order of the pair could mislead as well.
  EXPECT_NEAR(gap.interval.low, 0.0310949071595392, 1e-9);
  EXPECT_EQ(gap.highest, 0u);
  EXPECT_EQ(gap.lowest, 1u);
}

TEST(LargestGap, DoesNotDependOnTheOrderOfGroups) {
  const Gap one = largest_gap(RateGroups{{9, 10}, {970, 1000}, {40, 50}}, 0.95);
  const Gap other = largest_gap(RateGroups{{40, 50}, {9, 10}, {970, 1000}}, 0.95);
  EXPECT_EQ(one.estimate, other.estimate);
  EXPECT_EQ(one.interval.low, other.interval.low);
  EXPECT_EQ(one.interval.high, other.interval.high);
  EXPECT_EQ(one.highest, 1u);
  EXPECT_EQ(one.lowest, 2u);
}

TEST(LargestGap, IsWiderWithMorePairsToBeWrongAbout) {
  const Gap two = largest_gap(RateGroups{{90, 100}, {60, 100}}, 0.95);
  const Gap three = largest_gap(RateGroups{{90, 100}, {60, 100}, {75, 100}}, 0.95);
  EXPECT_LT(three.interval.low, two.interval.low);
  EXPECT_GT(three.interval.high, two.interval.high);
}

TEST(LargestGap, KnowsNothingOfAGroupWithoutObservations) {
  const Gap gap = largest_gap(RateGroups{{90, 100}, {50, 100}, {0, 0}}, 0.95);
  EXPECT_NEAR(gap.estimate, 0.4, 1e-12);
  EXPECT_EQ(gap.interval.high, 1);
  EXPECT_GT(gap.interval.low, 0.2);
}

TEST(LargestGap, IsZeroBetweenFewerThanTwoGroups) {
  EXPECT_EQ(largest_gap(RateGroups{}, 0.95).interval.high, 0);
  EXPECT_EQ(largest_gap(RateGroups{{3, 10}}, 0.95).interval.high, 0);
}

TEST(LargestGap, NeverFallsBelowZeroNorAboveOne) {
  const Gap equal = largest_gap(RateGroups{{0, 3}, {0, 3}}, 0.95);
  EXPECT_EQ(equal.interval.low, 0);
  EXPECT_GT(equal.interval.high, 0.3);
  EXPECT_LE(largest_gap(RateGroups{{3, 3}, {0, 3}}, 0.99).interval.high, 1);
}

double truth_of(const std::vector<double>& rates) {
  const auto [low, high] = std::minmax_element(rates.begin(), rates.end());
  return *high - *low;
}

TEST(LargestGap, BoundsHoldAtTheirLevel) {
  SeededRandom random(11);
  for (const auto& rates : {std::vector{0.9, 0.9, 0.9}, {0.95, 0.9, 0.6}, {0.98, 0.93}, {0.5, 0.5}}) {
    constexpr int kCampaigns = 2000;
    int above = 0, below = 0;
    for (int i = 0; i < kCampaigns; ++i) {
      RateGroups groups;
      for (const double p : rates) groups.push_back({random.binomial(80, p), 80});
      const Interval interval = largest_gap(groups, 0.95).interval;
      above += interval.high < truth_of(rates);
      below += interval.low > truth_of(rates);
    }
    EXPECT_LE(above, kCampaigns * 0.062) << rates.front();  // 0.05 and two and a half deviations
    EXPECT_LE(below, kCampaigns * 0.062) << rates.front();
  }
}

std::vector<ValueTotals> alone(const std::vector<PairCounts>& tables) {
  std::vector<ValueTotals> values;
  for (const PairCounts& table : tables) values.push_back(totals_of(table));
  return values;
}

TEST(GapChange, IsTheDifferenceOfTheTwoGaps) {
  const GapChange change = gap_change(alone({{900, 10, 30, 60}, {800, 60, 10, 130}}), 0.95);
  EXPECT_NEAR(change.estimate, (0.93 - 0.81) - (0.91 - 0.86), 1e-12);
  EXPECT_LT(change.interval.low, change.estimate);
  EXPECT_GT(change.interval.high, change.estimate);
  EXPECT_LT(change.interval.high, 0.11);
}

TEST(GapChange, IsNotCertainWithoutADisagreement) {
  const Interval interval = gap_change(alone({{90, 0, 0, 10}, {80, 0, 0, 20}}), 0.95).interval;
  EXPECT_GT(interval.high, 0.03);  // 1 - 0.025^(1/100) of either value
  EXPECT_LT(interval.high, 0.06);
  EXPECT_LT(interval.low, 0);
}

TEST(GapChange, IsBelowNothingWhereTheCandidateClosesAGap) {
  const GapChange change = gap_change(alone({{900, 5, 5, 90}, {700, 5, 200, 95}}), 0.95);
  EXPECT_LT(change.interval.high, 0);  // f 905 -> 905, m 705 -> 900 of 1000
}

TEST(GapChange, MayBeAnythingForAValueWithoutVectors) {
  const Interval interval = gap_change(alone({{90, 1, 3, 6}, {80, 6, 1, 13}, {}}), 0.95).interval;
  EXPECT_EQ(interval.low, -1);
  EXPECT_EQ(interval.high, 1);
}

TEST(GapChange, CountsVectorsOfAGroupOnce) {
  const std::vector<PairCounts> one(20, {9, 1, 0, 0}), other(20, {10, 0, 0, 0});
  const double by_group = gap_change(std::vector{totals_of(one), totals_of(other)}, 0.95).interval.high;
  const double by_vector = gap_change(alone({{180, 20, 0, 0}, {200, 0, 0, 0}}), 0.95).interval.high;
  EXPECT_GT(by_group, by_vector);
}

struct Share {
  double base, lost, gained;  // of all
};

// How often the upper bound lies below the true change of the gap, and the lower one above it.
struct Wrong {
  int pass = 0, fail = 0;
};

Wrong wrong(const std::vector<Share>& shares, std::uint64_t n, double truth, int campaigns,
            SeededRandom& random) {
  Wrong found;
  for (int i = 0; i < campaigns; ++i) {
    std::vector<PairCounts> tables;
    for (const Share& share : shares) {
      PairCounts table;
      table.lost = random.binomial(n, share.lost);
      table.gained = random.binomial(n - table.lost, share.gained / (1 - share.lost));
      const std::uint64_t rest = n - table.lost - table.gained;
      table.both_right = random.binomial(rest, (share.base - share.lost) / (1 - share.lost - share.gained));
      table.both_wrong = rest - table.both_right;
      tables.push_back(table);
    }
    const Interval interval = gap_change(alone(tables), 0.95).interval;
    found.pass += interval.high < truth;
    found.fail += interval.low > truth;
  }
  return found;
}

// A percentile bootstrap passes 53 % of the first, for the larger of noisy gaps hides what one value lost.
TEST(GapChange, BoundsHoldAtTheirLevel) {
  SeededRandom random(5);
  std::vector<Share> ten(10, {0.8, 0.01, 0.01}),
      one_more{{0.95, 0.01, 0.01}, {0.85, 0.06, 0.01}, {0.9, 0.01, 0.01}};
  ten[0].lost += 0.1;
  const std::vector<Share> rare{{0.9, 0.05, 0}, {0.9, 0, 0}}, two{{0.9, 0.07, 0.02}, {0.9, 0.02, 0.02}};
  constexpr int kCampaigns = 25;
  constexpr double kMost = kCampaigns * 0.05 + 2.5 * 1.1;  // and two and a half deviations
  struct Case {
    const std::vector<Share>& shares;
    std::uint64_t n;
    double truth;
  };
  for (const Case& c : {Case{ten, 100, 0.1}, {one_more, 300, 0.05}, {rare, 60, 0.05}, {two, 500, 0.05}}) {
    const Wrong found = wrong(c.shares, c.n, c.truth, kCampaigns, random);
    EXPECT_LE(found.pass, kMost) << c.n;
    EXPECT_LE(found.fail, kMost) << c.n;
  }
  EXPECT_GT(wrong({{0.9, 0.02, 0.02}, {0.9, 0.02, 0.02}}, 1000, 0.05, 10, random).pass, 7);  // and it passes
}

// R PropCIs, DescTools and statsmodels' confint_proportions_2indep(method="newcomb"): 56/70 against 48/80,
// after Newcombe (1998), table II (a), 95 %.
TEST(DifferenceOfRates, EqualsNewcombesPublishedExample) {
  const Interval found = difference_of_rates({56, 70}, {48, 80}, 0.975);
  EXPECT_NEAR(found.low, 0.0524, 5e-5);
  EXPECT_NEAR(found.high, 0.3339, 5e-5);
  const Interval turned = difference_of_rates({48, 80}, {56, 70}, 0.975);
  EXPECT_NEAR(turned.low, -found.high, 1e-12);
  EXPECT_NEAR(turned.high, -found.low, 1e-12);
}

TEST(DifferenceOfRates, MayBeAnythingWithoutObservations) {
  const Interval found = difference_of_rates({0, 0}, {48, 80}, 0.95);
  EXPECT_EQ(found.low, -1);
  EXPECT_EQ(found.high, 1);
}

}  // namespace
}  // namespace tinyhil::stats
