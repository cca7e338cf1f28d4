// SPDX-License-Identifier: Apache-2.0
// Expected values: R pROC::roc.test(method = "delong", paired = TRUE).
#include "delong.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ClassScores reference_scores() {
  ClassScores scores;
  scores.candidate = {1, 2, 2, 3, 4, 5, 3, 6, 2, 1, 7, 4, 5, 8, 9, 6, 7, 10, 4, 8, 9, 6};
  scores.baseline = {2, 1, 3, 3, 5, 4, 2, 7, 3, 1, 6, 5, 5, 7, 9, 6, 6, 10, 3, 8, 7, 4};
  scores.is_class.assign(22, false);
  for (int i = 12; i < 22; ++i) scores.is_class[i] = true;
  return scores;
}

TEST(DeLong, EqualsTheReferenceValues) {
  const AucDifference found = delong(reference_scores()).value();
  EXPECT_NEAR(found.candidate, 0.9166667, 5e-8);
  EXPECT_NEAR(found.baseline, 0.85, 1e-12);
  EXPECT_NEAR(found.difference(), 0.0666667, 5e-8);
  EXPECT_NEAR(found.se, 0.0421604, 5e-8);
  EXPECT_NEAR(found.z(), 1.581264, 5e-7);
  EXPECT_NEAR(found.p_two_sided(), 0.1138178, 5e-8);
  EXPECT_NEAR(found.bounds(0.975).low, -0.0159662, 5.1e-8);
  EXPECT_NEAR(found.bounds(0.975).high, 0.1492995, 5e-8);
}

TEST(DeLong, TurnsItsSignWhenTheModelsAreExchanged) {
  ClassScores scores = reference_scores();
  std::swap(scores.candidate, scores.baseline);
  EXPECT_NEAR(delong(scores)->z(), -1.581264, 5e-7);
}

TEST(DeLong, HasNoSpreadForModelsThatRankAlike) {
  ClassScores scores = reference_scores();
  scores.baseline = scores.candidate;
  const AucDifference found = delong(scores).value();
  EXPECT_EQ(found.se, 0);
  EXPECT_EQ(found.z(), 0);
  EXPECT_EQ(found.p_two_sided(), 1);
}

TEST(DeLong, HasNoSpreadForTwoPerfectModels) {
  const AucDifference found = delong({{1, 2, 8, 9}, {1, 3, 5, 7}, {false, false, true, true}}).value();
  EXPECT_EQ(found.candidate, 1);
  EXPECT_EQ(found.baseline, 1);
  EXPECT_EQ(found.se, 0);
}

TEST(DeLong, TellsAPerfectModelFromAReversedOne) {
  const AucDifference found = delong({{1, 2, 8, 9}, {9, 8, 2, 1}, {false, false, true, true}}).value();
  EXPECT_EQ(found.difference(), 1);
  EXPECT_TRUE(std::isinf(found.z()) && found.z() > 0);
}

TEST(DeLong, HasNoAreaWithoutBothKinds) {
  EXPECT_FALSE(delong({{1, 2, 3}, {1, 2, 3}, {true, true, true}}));
  EXPECT_FALSE(delong({{1, 2, 3}, {1, 2, 3}, {false, false, false}}));
  EXPECT_FALSE(delong({{1, 2, 3}, {1, 2, 3}, {false, false, true}}));
  EXPECT_FALSE(delong({}));
}

TEST(DeLong, RefusesScoresThatAreNoNumbers) {
  EXPECT_FALSE(delong({{1, kNan, 3, 4}, {1, 2, 3, 4}, {false, false, true, true}}));
  EXPECT_FALSE(delong({{1, 2, 3, 4}, {1, 2, 3, kNan}, {false, false, true, true}}));
}

TEST(DeLong, CallsAllTiesHalfAnArea) {
  const AucDifference found = delong({{5, 5, 5, 5}, {1, 2, 3, 4}, {false, false, true, true}}).value();
  EXPECT_EQ(found.candidate, 0.5);
  EXPECT_EQ(found.baseline, 1);
}

TEST(DeLong, BoundsHoldAtTheirLevel) {
  // Normal scores, positives higher by `apart`: the area is Phi(apart / sqrt(2)).
  const double candidate_apart = 1.2, baseline_apart = 1.5;
  const double truth = 0.5 * (std::erf(candidate_apart / 2) - std::erf(baseline_apart / 2));
  SeededRandom random(17);
  constexpr int kCampaigns = 2000;
  int above = 0, below = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    ClassScores scores;
    for (int v = 0; v < 120; ++v) {
      const bool positive = v % 3 == 0;
      const double common = random.normal();
      scores.is_class.push_back(positive);
      scores.candidate.push_back(positive * candidate_apart + 0.8 * common + 0.6 * random.normal());
      scores.baseline.push_back(positive * baseline_apart + 0.8 * common + 0.6 * random.normal());
    }
    const Interval interval = delong(scores)->bounds(0.95);
    above += interval.high < truth;
    below += interval.low > truth;
  }
  EXPECT_NEAR(above, kCampaigns * 0.05, kCampaigns * 0.015);
  EXPECT_NEAR(below, kCampaigns * 0.05, kCampaigns * 0.015);
}

}  // namespace
}  // namespace tinyhil::stats
