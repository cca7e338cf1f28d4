// SPDX-License-Identifier: Apache-2.0
#include "quantile_ratio.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "histogram_of.hpp"
#include "stats/seeded_random.hpp"

namespace tinyhil::stats {
namespace {

Histogram ramp(std::int64_t n, std::int64_t step) {
  Histogram histogram;
  for (std::int64_t i = 1; i <= n; ++i) histogram.push_back({i * step, 1});
  return histogram;
}

TEST(ValueAt, CountsFromOne) {
  const Histogram histogram{{-5, 2}, {7, 1}};
  EXPECT_EQ(value_at(histogram, 1), -5);
  EXPECT_EQ(value_at(histogram, 2), -5);
  EXPECT_EQ(value_at(histogram, 3), 7);
}

TEST(QuantileRatio, CombinesTheRankBoundsOfBothSides) {
  // p99 of 1000: x_(990) between x_(985) and x_(996).
  const QuantileRatio found = quantile_ratio(ramp(1000, 10), ramp(1000, 20), 0.99, 0.95).value();
  EXPECT_NEAR(found.estimate, 2, 1e-12);
  const double down = std::log(990.0 / 985), up = std::log(996.0 / 990);
  EXPECT_NEAR(found.interval->high, 2 * std::exp(std::hypot(up, down)), 1e-9);
  EXPECT_NEAR(found.interval->low, 2 * std::exp(-std::hypot(up, down)), 1e-9);
}

TEST(QuantileRatio, HasNoIntervalBelowTheFloorOfTheQuantile) {
  EXPECT_FALSE(quantile_ratio(ramp(298, 1), ramp(1000, 1), 0.99, 0.95)->interval);
  EXPECT_TRUE(quantile_ratio(ramp(299, 1), ramp(299, 1), 0.99, 0.95)->interval);
}

TEST(QuantileRatio, IsNoneWithoutObservationsOrOfValuesThatAreNoTimes) {
  EXPECT_FALSE(quantile_ratio({}, ramp(9, 1), 0.5, 0.95));
  EXPECT_FALSE(quantile_ratio(ramp(9, 1), {{0, 1}, {5, 3}}, 0.5, 0.95));
}

TEST(QuantileRatio, IsAPointWhenNothingVaries) {
  const QuantileRatio found = quantile_ratio({{500, 400}}, {{550, 400}}, 0.99, 0.95).value();
  EXPECT_NEAR(found.interval->low, 1.1, 1e-12);
  EXPECT_NEAR(found.interval->high, 1.1, 1e-12);
}

TEST(QuantileRatio, BoundsHoldAtTheirLevel) {
  SeededRandom random(51);
  constexpr int kCampaigns = 1000;
  int above = 0, below = 0;
  const auto sample = [&](double scale) {  // exponential over a floor, so the quantile scales
    std::vector<std::int64_t> values;
    for (int i = 0; i < 500; ++i) {
      values.push_back(std::llround(scale * 1e6 * (1 - 0.2 * std::log(random.uniform()))));
    }
    return histogram_of(values);
  };
  for (int i = 0; i < kCampaigns; ++i) {
    const Interval interval = *quantile_ratio(sample(1), sample(1.02), 0.95, 0.95)->interval;
    above += interval.high < 1.02;
    below += interval.low > 1.02;
  }
  EXPECT_LE(above, kCampaigns * 0.068);
  EXPECT_LE(below, kCampaigns * 0.068);
}

}  // namespace
}  // namespace tinyhil::stats
