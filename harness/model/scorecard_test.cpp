// SPDX-License-Identifier: Apache-2.0
#include "scorecard.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace tinyhil {
namespace {

Measured one_to_hundred() {
  Measured latency;
  latency.steps_per_base = 25'000'000;
  latency.sorted.resize(100);
  std::iota(latency.sorted.begin(), latency.sorted.end(), 1u);
  return latency;
}

TEST(Latency, QuantileIsTheOrderStatisticAtTheRoundedUpRank) {
  const Measured latency = one_to_hundred();
  EXPECT_EQ(latency.steps_at(0.5), 50u);
  EXPECT_EQ(latency.steps_at(0.99), 99u);
  EXPECT_EQ(latency.steps_at(0.991), 100u);
  EXPECT_EQ(latency.steps_at(1.0), 100u);
}

TEST(Latency, QuantileOfAWholeRankIsNotPushedUpByBinaryRounding) {
  EXPECT_EQ(one_to_hundred().steps_at(0.07), 7u);
  EXPECT_EQ(one_to_hundred().steps_at(0.29), 29u);
}

TEST(Latency, QuantileZeroIsTheFastestInference) { EXPECT_EQ(one_to_hundred().steps_at(0), 1u); }

TEST(Latency, ConvertsTicksWithTheBoardsClock) {
  EXPECT_DOUBLE_EQ(one_to_hundred().to_millionths(25), 1.0);
  EXPECT_DOUBLE_EQ(one_to_hundred().to_millionths(500'000), 20'000.0);
}

TEST(Proportion, OfNothingIsZeroRatherThanNotANumber) {
  EXPECT_EQ((Proportion{0, 0, {}}).value(), 0.0);
  EXPECT_EQ((Proportion{3, 4, {}}).value(), 0.75);
}

}  // namespace
}  // namespace tinyhil
