// SPDX-License-Identifier: Apache-2.0
#include "rates.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "flakiness.hpp"
#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

TEST(RateUpperBound, IsTheRuleOfThreeWithoutEvents) {
  EXPECT_NEAR(rate_upper_bound(0, 59, 0.95), 0.0495, 5.1e-5);
  EXPECT_NEAR(rate_upper_bound(0, 299, 0.95), 0.00997, 5.1e-6);
  EXPECT_NEAR(rate_upper_bound(0, 2995, 0.95), 0.0009997, 5.1e-8);
  EXPECT_NEAR(rate_upper_bound(0, 29956, 0.95), 0.0001, 5.1e-7);
  EXPECT_NEAR(rate_upper_bound(0, 777, 0.99), 1 - std::pow(0.01, 1.0 / 777), 1e-12);
}

TEST(RateBounds, KnowNothingWithoutObservations) {
  EXPECT_EQ(rate_upper_bound(0, 0, 0.95), 1);
  EXPECT_EQ(rate_lower_bound(0, 0, 0.95), 0);
  EXPECT_EQ(rate_upper_bound(5, 5, 0.95), 1);
}

TEST(FewestWithoutEvent, IsWhereTheBoundFirstHolds) {
  EXPECT_EQ(fewest_without_event(0.05, 0.95), 59u);
  EXPECT_EQ(fewest_without_event(0.01, 0.95), 299u);
  EXPECT_EQ(fewest_without_event(0.001, 0.95), 2995u);
  EXPECT_EQ(fewest_without_event(0.0001, 0.95), 29956u);
  EXPECT_EQ(fewest_without_event(0.005, 0.95), 598u);
}

TEST(RateBounds, HoldAtTheirLevel) {
  SeededRandom random(41);
  for (const double rate : {0.002, 0.05, 0.5}) {
    constexpr int kCampaigns = 4000;
    int above = 0, below = 0;
    for (int i = 0; i < kCampaigns; ++i) {
      const std::uint64_t events = random.binomial(400, rate);
      above += rate_upper_bound(events, 400, 0.95) < rate;
      below += rate_lower_bound(events, 400, 0.95) > rate;
    }
    EXPECT_LE(above, kCampaigns * 0.06) << rate;
    EXPECT_LE(below, kCampaigns * 0.06) << rate;
  }
}

TEST(PassAllOf, EqualsTheReferenceValues) {
  EXPECT_NEAR(pass_all_of(97, 100, 1), 0.97, 1e-12);
  EXPECT_NEAR(pass_all_of(97, 100, 3), 0.91181, 5.1e-6);
  EXPECT_NEAR(pass_all_of(97, 100, 8), 0.77662, 5.1e-6);
}

TEST(PassAllOf, IsZeroWithFewerSuccessesThanAskedAndOneWithoutFailure) {
  EXPECT_EQ(pass_all_of(2, 10, 3), 0);
  EXPECT_EQ(pass_all_of(10, 10, 10), 1);
}

TEST(PassAllOf, IsUnbiased) {
  // Over all outcomes of 6 runs at p = 0.8, the mean of the estimate is p^3.
  double mean = 0, ways = 1;
  for (int s = 0; s <= 6; ++s) {
    mean += ways * std::pow(0.8, s) * std::pow(0.2, 6 - s) * pass_all_of(s, 6, 3);
    ways = ways * (6 - s) / (s + 1);
  }
  EXPECT_NEAR(mean, 0.512, 1e-12);
}

TEST(PassAllOf, HasALowerBoundOfTheKthPower) {
  EXPECT_NEAR(pass_all_of_lower_bound(100, 100, 3, 0.95), std::pow(0.05, 3.0 / 100), 1e-12);
  EXPECT_LT(pass_all_of_lower_bound(97, 100, 8, 0.95), pass_all_of(97, 100, 8));
  EXPECT_EQ(pass_all_of_lower_bound(0, 0, 3, 0.95), 0);
}

}  // namespace
}  // namespace tinyhil::stats
