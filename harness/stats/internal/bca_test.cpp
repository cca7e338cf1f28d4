// SPDX-License-Identifier: Apache-2.0
#include "bca.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "stats/seeded_random.hpp"

namespace tinyhil::stats {
namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Bootstrap of_mean(const std::vector<double>& values, std::size_t replicates, SeededRandom& random) {
  Bootstrap bootstrap{mean(values), {}, {}};
  const auto n = static_cast<double>(values.size());
  for (const double value : values) bootstrap.jackknife.push_back((bootstrap.estimate * n - value) / (n - 1));
  for (std::size_t b = 0; b < replicates; ++b) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
    bootstrap.replicates.push_back(sum / n);
  }
  return bootstrap;
}

TEST(Bca, IsThePercentileIntervalOfASymmetricBootstrap) {
  Bootstrap bootstrap{0, {}, {-1, 1}};
  for (int i = -500; i <= 500; ++i) bootstrap.replicates.push_back(i);
  const Interval interval = bca(bootstrap, 0.95).value();
  EXPECT_NEAR(interval.low, -450, 1e-9);
  EXPECT_NEAR(interval.high, 450, 1e-9);
}

TEST(Bca, LeansToTheLongTailOfASkewedStatistic) {
  SeededRandom random(1);
  std::vector<double> values;
  for (int i = 0; i < 30; ++i) values.push_back(-std::log(random.uniform()));
  const Bootstrap bootstrap = of_mean(values, 1999, random);
  const Interval interval = bca(bootstrap, 0.975).value();
  EXPECT_GT(interval.high - bootstrap.estimate, bootstrap.estimate - interval.low);
}

TEST(Bca, IsNoneWhenNothingVaried) {
  EXPECT_FALSE(bca({1, {1, 1, 1}, {1, 1}}, 0.95));
  EXPECT_FALSE(bca({0, {1, 2, 3}, {0, 1}}, 0.95));
  EXPECT_FALSE(bca({1, {1, 2, 0}, {1}}, 0.95));
  EXPECT_FALSE(bca({1, {}, {1, 2}}, 0.95));
}

TEST(Bca, BoundsHoldNearTheirLevel) {
  SeededRandom random(81);
  constexpr int kCampaigns = 400;
  int above = 0, below = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    std::vector<double> values;
    for (int v = 0; v < 60; ++v) values.push_back(-std::log(random.uniform()));
    const Interval interval = bca(of_mean(values, 499, random), 0.95).value();
    above += interval.high < 1;
    below += interval.low > 1;
  }
  EXPECT_NEAR(above, kCampaigns * 0.055, kCampaigns * 0.035);
  EXPECT_NEAR(below, kCampaigns * 0.055, kCampaigns * 0.035);
}

}  // namespace
}  // namespace tinyhil::stats
