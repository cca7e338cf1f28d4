// SPDX-License-Identifier: Apache-2.0
#include "rare_events.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/rates.hpp"
#include "stats/seeded_random.hpp"

namespace tinyhil::stats {
namespace {

TEST(RareEvents, MayBeAllBeforeTheFirstDrawAndAreCountedAfterTheLast) {
  EXPECT_EQ(most_at_any_time({1000, 0, 0}, 0.05), 1000u);
  EXPECT_EQ(most_at_any_time({1000, 1000, 0}, 0.05), 0u);
  EXPECT_EQ(most_at_any_time({1000, 1000, 7}, 0.05), 7u);
  EXPECT_EQ(most_at_any_time({0, 0, 0}, 0.05), 0u);
}

TEST(RareEvents, AreBoundedAsIfOneHadLookedOnceAtFourFifthsOfAlphaWhileNoneIsSeen) {
  // Of a set so large that replacement does not matter.
  for (const std::uint64_t drawn : {100u, 300u, 1000u}) {
    const auto most = static_cast<double>(most_at_any_time({10'000'000, drawn, 0}, 0.05));
    EXPECT_NEAR(most / 1e7, rate_upper_bound(0, drawn, 0.96), 0.07 * most / 1e7) << drawn;
  }
}

TEST(RareEvents, AreFewerWhereLittleIsLeftToDraw) {
  // Two of 100 stay away from 80 draws with probability (20 * 19) / (100 * 99) = 0.038; one with 0.2.
  EXPECT_EQ(most_at_any_time({100, 80, 0}, 0.05), 1u);
  EXPECT_EQ(most_at_any_time({100, 80, 0}, 0.03), 2u);
}

TEST(RareEvents, AreMoreWithEachThatIsSeen) {
  EXPECT_LT(most_at_any_time({5000, 400, 0}, 0.05), most_at_any_time({5000, 400, 1}, 0.05));
  EXPECT_LT(most_at_any_time({5000, 400, 1}, 0.05), most_at_any_time({5000, 400, 4}, 0.05));
  EXPECT_GE(most_at_any_time({5000, 400, 4}, 0.05), 50u) << "4 of 400 is 50 of 5000";
}

TEST(RareEvents, SpeakAgainstWhatTheyRuleOutAndNotAgainstWhatTheyShow) {
  EXPECT_EQ(log_against_at_least({100, 10, 3}, 30), 0);
  EXPECT_EQ(log_against_at_least({100, 10, 3}, 2), 0);
  EXPECT_TRUE(std::isinf(log_against_at_least({100, 10, 3}, 94)));
  EXPECT_GT(log_against_at_least({100, 10, 3}, 90), log_against_at_least({100, 10, 3}, 60));
}

// Looked at after every draw down to the last: how often the bound ever was too low.
int campaigns_missed(std::uint64_t of, std::uint64_t truth, int campaigns, SeededRandom& random) {
  int missed = 0;
  for (int i = 0; i < campaigns; ++i) {
    RareDraws draws{of, 0, 0};
    bool is_missed = false;
    while (draws.drawn < of && !is_missed) {
      draws.seen += random.below(of - draws.drawn) < truth - draws.seen;
      draws.drawn += 1;
      is_missed = log_against_at_least(draws, truth) >= -std::log(0.05);
    }
    missed += is_missed;
  }
  return missed;
}

TEST(RareEvents, AreBoundedAtTheirLevelHoweverOftenOneLooks) {
  constexpr int kCampaigns = 2000;
  SeededRandom random(62);
  for (const std::uint64_t truth : {1u, 5u, 30u})
    EXPECT_LE(campaigns_missed(600, truth, kCampaigns, random), kCampaigns * 0.055) << truth;
}

}  // namespace
}  // namespace tinyhil::stats
