// SPDX-License-Identifier: Apache-2.0
#include "disagreement_first.hpp"

#include <gtest/gtest.h>

#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

TEST(DisagreementFirst, ClaimsTheFullSetFromAFewRuns) {
  // 50 000 vectors, 3 % of which the models differ on: 1500 + 598 runs instead of 50 000.
  const DisagreementFirst counts{50'000, 1500, 700, 800, 598, 0};
  EXPECT_NEAR(lower_bound(counts, 0.95), 0.002 - 0.97 * 0.005, 5e-6);
  EXPECT_GT(lower_bound(counts, 0.95), -0.01);
}

TEST(DisagreementFirst, WidensWithEachSurprise) {
  const DisagreementFirst none{1000, 50, 10, 10, 200, 0}, one{1000, 50, 10, 10, 200, 1};
  EXPECT_LT(lower_bound(one, 0.95), lower_bound(none, 0.95));
}

TEST(DisagreementFirst, IsExactOnceEveryVectorWasRun) {
  EXPECT_NEAR(lower_bound({100, 20, 8, 5, 80, 2}, 0.95), -0.05, 1e-12);
  EXPECT_NEAR(lower_bound({100, 100, 8, 5, 0, 0}, 0.95), -0.03, 1e-12);
}

TEST(DisagreementFirst, KnowsNothingWithoutASample) {
  EXPECT_EQ(lower_bound(DisagreementFirst{1000, 0, 0, 0, 0, 0}, 0.95), -1);
  EXPECT_EQ(lower_bound(DisagreementFirst{}, 0.95), -1);
}

TEST(DisagreementFirst, BoundHoldsAtItsLevel) {
  // 5000 vectors, 100 predicted; of the others the device loses 20 that no host foresaw.
  SeededRandom random(61);
  constexpr int kCampaigns = 3000;
  const double truth = -(10.0 + 20.0) / 5000;
  int missed = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    std::uint64_t lost_left = 20, left = 4900, found = 0;
    for (int draw = 0; draw < 400; ++draw, --left) {
      if (random.below(left) < lost_left) --lost_left, ++found;
    }
    missed += lower_bound(DisagreementFirst{5000, 100, 45, 35, 400, found}, 0.95) > truth;
  }
  EXPECT_LE(missed, kCampaigns * 0.06);
}

TEST(DisagreementFirst, AtAnyTimeCostsHardlyMoreThanAtOneLook) {
  const DisagreementFirst counts{50'000, 1500, 700, 800, 640, 0};
  EXPECT_NEAR(bounds_at_any_time(counts, 0.05).low, lower_bound({50'000, 1500, 700, 800, 598, 0}, 0.95),
              2e-4);
}

TEST(DisagreementFirst, IsBoundedFromAboveByWhatTheOthersMayHaveGained) {
  const Interval bounds = bounds_at_any_time({10'000, 900, 800, 50, 100, 0}, 0.05);
  EXPECT_LT(bounds.high, -0.04);
  EXPECT_LT(p_worse(DisagreementFirst{10'000, 900, 800, 50, 100, 0}, 0.02), 0.05);
  EXPECT_EQ(p_worse(DisagreementFirst{10'000, 900, 500, 400, 100, 0}, 0.02), 1);
  EXPECT_EQ(p_worse(DisagreementFirst{}, 0.02), 1);
}

TEST(DisagreementFirst, IsExactFromBothSidesOnceEveryVectorWasRun) {
  const Interval bounds = bounds_at_any_time({100, 20, 8, 5, 80, 2, 1}, 0.05);
  EXPECT_DOUBLE_EQ(bounds.low, -0.04);
  EXPECT_DOUBLE_EQ(bounds.high, -0.04);
  EXPECT_EQ(p_worse(DisagreementFirst{100, 20, 8, 5, 80, 2, 1}, 0.03), 0);
  EXPECT_EQ(p_worse(DisagreementFirst{100, 20, 8, 5, 80, 2, 1}, 0.05), 1);
}

TEST(DisagreementFirst, TakesPredictedOnesThatWaitForAnything) {
  const Interval bounds = bounds_at_any_time({1000, 100, 10, 10, 900, 0, 0, 50}, 0.05);
  EXPECT_DOUBLE_EQ(bounds.low, -0.05);
  EXPECT_DOUBLE_EQ(bounds.high, 0.05);
}

TEST(DisagreementFirst, TellsHowManyMoreOfTheOthersAreNeeded) {
  const DisagreementFirst counts{50'000, 1500, 700, 800, 100, 0};
  const auto more = more_vectors(counts, 0.01, 0.05);
  ASSERT_TRUE(more);
  DisagreementFirst later = counts;
  later.sampled += *more;
  EXPECT_GT(bounds_at_any_time(later, 0.05).low, -0.01);
  EXPECT_LT(p_not_worse(later, 0.01), 0.05);
  later.sampled -= 1;
  EXPECT_GE(p_not_worse(later, 0.01), 0.05);
  EXPECT_LE(bounds_at_any_time(later, 0.05).low, -0.01);
  EXPECT_EQ(more_vectors(DisagreementFirst{50'000, 1500, 1300, 100, 100, 0}, 0.01, 0.05), std::nullopt);
  EXPECT_GT(more_vectors(DisagreementFirst{50'000, 1500, 0, 0, 0, 0, 0, 1500}, 0.01, 0.05), 1500u);
}

struct Set {
  std::uint64_t all, predicted, lost, gained;
  std::uint64_t others_lost, others_gained;  // against the host's word
};

// Runs the predicted ones, then others, looking after each: 1 for a pass, -1 for a fail.
int outcome_of(const Set& set, double margin, SeededRandom& random) {
  DisagreementFirst seen{set.all, set.predicted, set.lost, set.gained, 0, 0};
  while (seen.sampled < set.all - set.predicted) {
    const std::uint64_t draw = random.below(set.all - set.predicted - seen.sampled);
    const std::uint64_t lost_left = set.others_lost - seen.sampled_lost;
    if (draw < lost_left) {
      ++seen.sampled_lost;
    } else if (draw < lost_left + set.others_gained - seen.sampled_gained) {
      ++seen.sampled_gained;
    }
    ++seen.sampled;
    if (p_not_worse(seen, margin) < 0.05) return 1;
    if (p_worse(seen, margin) < 0.05) return -1;
  }
  return 0;
}

// Sets exactly at the margin, looked at after every vector. A device that agrees with the host passes never;
// the worst case is one whose losses all hide among the others.
TEST(DisagreementFirst, PassesAtTheMarginNoMoreOftenThanAlphaHoweverOftenOneLooks) {
  constexpr int kCampaigns = 2000;
  SeededRandom random(63);
  for (const Set& set : {Set{2000, 100, 40, 20, 0, 0}, Set{2000, 100, 30, 30, 20, 0},
                         Set{2000, 100, 20, 10, 30, 20}, Set{2000, 100, 39, 20, 1, 0}}) {
    int passed = 0, failed = 0;
    for (int i = 0; i < kCampaigns; ++i) {
      const int outcome = outcome_of(set, 0.01, random);
      passed += outcome == 1;
      failed += outcome == -1;
    }
    EXPECT_LE(passed, kCampaigns * 0.05) << set.others_lost;
    EXPECT_LE(failed, kCampaigns * 0.05) << set.others_gained;
  }
}

}  // namespace
}  // namespace tinyhil::stats
