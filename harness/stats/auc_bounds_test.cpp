// SPDX-License-Identifier: Apache-2.0
#include "auc_bounds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "delong.hpp"
#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

// `positives` that the baseline separates from `negatives`; the candidate ranks `last` of them below all.
ClassScores separated(int positives, int negatives, int last) {
  ClassScores scores;
  for (int i = 0; i < positives + negatives; ++i) {
    scores.is_class.push_back(i < positives);
    scores.baseline.push_back(i < positives ? 1000 + i : i);
    scores.candidate.push_back(i < last ? -1 - i : scores.baseline.back());
  }
  return scores;
}

TEST(AucBounds, AreTheRuleOfThreeWhereNothingMoved) {
  const Interval interval = auc_bounds(separated(50, 100'000, 0), {}, 0.95);
  EXPECT_NEAR(interval.low, -(1 - std::pow(0.05, 1.0 / 50)), 1e-6);
  EXPECT_NEAR(interval.high, -interval.low, 1e-6);
}

// One negative raised to a tie with one positive: DeLong's interval shrank from 45 points to 0.1.
TEST(AucBounds, AreNotNarrowerBecauseTheCandidateIsALittleWorse) {
  ClassScores scores = separated(5, 495, 0);
  const double before = auc_bounds(scores, {}, 0.95).low;
  scores.candidate[499] = scores.candidate[0];
  EXPECT_LE(auc_bounds(scores, {}, 0.95).low, before);
  EXPECT_LT(before, -0.45);
}

TEST(AucBounds, FallWithEveryPositiveThatRanksLast) {
  double before = 1;
  for (int last = 0; last <= 30; last += 3) {
    const double low = auc_bounds(separated(30, 100, last), {}, 0.95).low;
    EXPECT_LT(low, before);
    before = low;
  }
}

TEST(AucBounds, CountAGroupOnce) {
  const ClassScores scores = separated(100, 400, 3);
  std::vector<std::uint32_t> groups;
  for (std::uint32_t i = 0; i < 500; ++i) groups.push_back(i / 10);
  EXPECT_LT(auc_bounds(scores, groups, 0.95).low, auc_bounds(scores, {}, 0.95).low - 0.05);
  for (std::uint32_t i = 0; i < 500; ++i) groups[i] = i % 50;  // of both kinds, which may fail together
  EXPECT_LT(auc_bounds(scores, groups, 0.95).low, auc_bounds(scores, {}, 0.95).low - 0.05);
}

TEST(AucBounds, AreNearDeLongsForManyVectorsThatAllVary) {
  SeededRandom random(4);
  ClassScores scores;
  for (int i = 0; i < 12'000; ++i) {
    const double apart = i % 2 == 0 ? 1.0 : 0, common = random.normal();
    scores.is_class.push_back(i % 2 == 0);
    scores.candidate.push_back(apart + common + random.normal());
    scores.baseline.push_back(apart + common + random.normal());
  }
  const Interval bounds = auc_bounds(scores, {}, 0.95), normal = delong(scores)->bounds(0.95);
  EXPECT_NEAR(bounds.low, normal.low, 0.002);  // 6,000 unlike values of either kind, rounded
  EXPECT_NEAR(bounds.high, normal.high, 0.002);
  EXPECT_LE(bounds.low, normal.low);
}

// A candidate that ranks 3 % of the positives last, at a margin of 3 %: by DeLong 39 % of these campaigns
// pass with 30 positives, 20 % with 100 and 9 % with 300.
TEST(AucBounds, HoldForRareFailures) {
  SeededRandom random(6);
  for (const auto& [positives, negatives, most] :
       {std::tuple{30, 470, 0.05}, {100, 400, 0.05}, {300, 700, 0.05}}) {
    constexpr int kCampaigns = 40;
    int passes = 0;
    for (int i = 0; i < kCampaigns; ++i) {
      const auto last = static_cast<int>(random.binomial(static_cast<std::uint64_t>(positives), 0.03));
      passes += auc_bounds(separated(positives, negatives, last), {}, 0.95).low > -0.03;
    }
    EXPECT_LE(passes, kCampaigns * most + 2.5 * 1.4) << positives;
  }
}

TEST(FewestOfClass, IsTheRuleOfThree) {
  EXPECT_EQ(fewest_of_class(0.03, 1'000'000, 0.95), 99u);
  EXPECT_GT(fewest_of_class(0.03, 400, 0.95), 99u);
  EXPECT_EQ(fewest_of_class(0.03, 90, 0.95), 0u);
}

}  // namespace
}  // namespace tinyhil::stats
