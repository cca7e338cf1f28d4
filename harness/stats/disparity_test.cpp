// SPDX-License-Identifier: Apache-2.0
// Expected values of one pair: statsmodels.stats.proportion.confint_proportions_2indep(method="newcomb").
#include "disparity.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "random.hpp"

namespace tinyhil {
namespace {

using Groups = std::vector<GroupRate>;

TEST(LargestGap, OfOnePairIsNewcombesInterval) {
  const Groups groups{{48, 50}, {40, 50}};
  const Gap gap = largest_gap(groups, 0.95);
  EXPECT_NEAR(gap.estimate, 0.16, 1e-12);
  EXPECT_NEAR(gap.interval.high, 0.2705913200646644, 1e-9);
  // The lower bound spends half, as the other order of the pair could mislead as well.
  EXPECT_NEAR(gap.interval.low, 0.0310949071595392, 1e-9);
  EXPECT_EQ(gap.highest, 0u);
  EXPECT_EQ(gap.lowest, 1u);
}

TEST(LargestGap, DoesNotDependOnTheOrderOfGroups) {
  const Gap one = largest_gap(Groups{{9, 10}, {970, 1000}, {40, 50}}, 0.95);
  const Gap other = largest_gap(Groups{{40, 50}, {9, 10}, {970, 1000}}, 0.95);
  EXPECT_EQ(one.estimate, other.estimate);
  EXPECT_EQ(one.interval.low, other.interval.low);
  EXPECT_EQ(one.interval.high, other.interval.high);
  EXPECT_EQ(one.highest, 1u);
  EXPECT_EQ(one.lowest, 2u);
}

TEST(LargestGap, IsWiderWithMorePairsToBeWrongAbout) {
  const Gap two = largest_gap(Groups{{90, 100}, {60, 100}}, 0.95);
  const Gap three = largest_gap(Groups{{90, 100}, {60, 100}, {75, 100}}, 0.95);
  EXPECT_LT(three.interval.low, two.interval.low);
  EXPECT_GT(three.interval.high, two.interval.high);
}

TEST(LargestGap, KnowsNothingOfAGroupWithoutObservations) {
  const Gap gap = largest_gap(Groups{{90, 100}, {50, 100}, {0, 0}}, 0.95);
  EXPECT_NEAR(gap.estimate, 0.4, 1e-12);
  EXPECT_EQ(gap.interval.high, 1);
  EXPECT_GT(gap.interval.low, 0.2);
}

TEST(LargestGap, IsZeroBetweenFewerThanTwoGroups) {
  EXPECT_EQ(largest_gap(Groups{}, 0.95).interval.high, 0);
  EXPECT_EQ(largest_gap(Groups{{3, 10}}, 0.95).interval.high, 0);
}

TEST(LargestGap, NeverFallsBelowZeroNorAboveOne) {
  const Gap equal = largest_gap(Groups{{0, 3}, {0, 3}}, 0.95);
  EXPECT_EQ(equal.interval.low, 0);
  EXPECT_GT(equal.interval.high, 0.3);
  EXPECT_LE(largest_gap(Groups{{3, 3}, {0, 3}}, 0.99).interval.high, 1);
}

double truth_of(const std::vector<double>& rates) {
  const auto [low, high] = std::minmax_element(rates.begin(), rates.end());
  return *high - *low;
}

TEST(LargestGap, BoundsHoldAtTheirLevel) {
  Random random(11);
  for (const auto& rates : {std::vector{0.9, 0.9, 0.9}, {0.95, 0.9, 0.6}, {0.98, 0.93}, {0.5, 0.5}}) {
    constexpr int kCampaigns = 2000;
    int above = 0, below = 0;
    for (int i = 0; i < kCampaigns; ++i) {
      Groups groups;
      for (const double p : rates) groups.push_back({random.binomial(80, p), 80});
      const Interval interval = largest_gap(groups, 0.95).interval;
      above += interval.high < truth_of(rates);
      below += interval.low > truth_of(rates);
    }
    EXPECT_LE(above, kCampaigns * 0.062) << rates.front();  // 0.05 and two and a half deviations
    EXPECT_LE(below, kCampaigns * 0.062) << rates.front();
  }
}

using Tables = std::vector<PairCounts>;

TEST(GapChange, IsTheDifferenceOfTheTwoGaps) {
  const Tables groups{{900, 10, 30, 60}, {800, 60, 10, 130}};
  const GapChange change = gap_change(groups, 0.95, 1);
  EXPECT_NEAR(change.estimate, (0.93 - 0.81) - (0.91 - 0.86), 1e-12);
  EXPECT_LT(change.interval.low, change.estimate);
  EXPECT_GT(change.interval.high, change.estimate);
  EXPECT_GT(change.interval.low, 0.03);
}

TEST(GapChange, IsTheSameForTheSameSeed) {
  const Tables groups{{90, 1, 3, 6}, {80, 6, 1, 13}};
  EXPECT_EQ(gap_change(groups, 0.95, 7).interval.high, gap_change(groups, 0.95, 7).interval.high);
}

TEST(GapChange, StaysUnsureWithoutASingleDisagreement) {
  const GapChange few = gap_change(Tables{{18, 0, 0, 2}, {15, 0, 0, 5}}, 0.95, 1);
  EXPECT_EQ(few.estimate, 0);
  EXPECT_GT(few.interval.high, 0.1);
  EXPECT_LT(few.interval.low, -0.1);
  EXPECT_LT(gap_change(Tables{{1800, 0, 0, 200}, {1500, 0, 0, 500}}, 0.95, 1).interval.high, 0.005);
}

TEST(GapChange, KnowsNothingOfAGroupWithoutVectors) {
  const Interval interval = gap_change(Tables{{90, 1, 3, 6}, {80, 6, 1, 13}, {}}, 0.95, 1).interval;
  EXPECT_EQ(interval.low, -1);
  EXPECT_EQ(interval.high, 1);
}

struct Share {
  double base, lost, gained;  // of the right ones lost, of the wrong ones gained
};

PairCounts table(const Share& share, std::uint64_t n, Random& random) {
  PairCounts counts;
  const std::uint64_t right = random.binomial(n, share.base);
  counts.lost = random.binomial(right, share.lost);
  counts.gained = random.binomial(n - right, share.gained);
  counts.both_right = right - counts.lost;
  counts.both_wrong = n - right - counts.gained;
  return counts;
}

double candidate_rate(const Share& share) {
  return share.base * (1 - share.lost) + (1 - share.base) * share.gained;
}

TEST(GapChange, BoundsHoldAtTheirLevel) {
  Random random(5);
  const std::vector<std::vector<Share>> truths{{{0.9, 0.02, 0.1}, {0.9, 0.02, 0.1}},
                                               {{0.95, 0.01, 0.1}, {0.85, 0.08, 0.1}, {0.9, 0.02, 0.1}},
                                               {{0.9, 0.005, 0.02}, {0.8, 0.005, 0.02}}};
  for (const auto& shares : truths) {
    constexpr int kCampaigns = 250;
    std::vector<double> base, candidate;
    for (const Share& share : shares) {
      base.push_back(share.base);
      candidate.push_back(candidate_rate(share));
    }
    const double truth = truth_of(candidate) - truth_of(base);
    int above = 0, below = 0;
    for (int i = 0; i < kCampaigns; ++i) {
      Tables groups;
      for (const Share& share : shares) groups.push_back(table(share, 300, random));
      const Interval interval = gap_change(groups, 0.95, random.below(1'000'000), 399).interval;
      above += interval.high < truth;
      below += interval.low > truth;
    }
    EXPECT_LE(above, kCampaigns * 0.085);
    EXPECT_LE(below, kCampaigns * 0.085);
  }
}

// R PropCIs, DescTools and statsmodels' confint_proportions_2indep(method="newcomb"): 56/70 against 48/80, after
// Newcombe (1998), table II (a), 95 %.
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
}  // namespace tinyhil
