// SPDX-License-Identifier: Apache-2.0
// Expected values: R wilcox.test(y, x, conf.int = TRUE, exact = TRUE), in thousandths.
#include "hodges_lehmann.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "rank_distribution.hpp"
#include "seeded_random.hpp"
#include "stats/internal/histogram_of.hpp"

namespace tinyhil::stats {
namespace {

using Ticks = std::vector<std::int64_t>;

const Ticks kBaselineTicks{101000, 103010, 99020, 104030, 102040, 107050, 100060, 103070, 105080, 110090};
const Ticks kCandidateTicks{104001, 106011, 103021, 108031, 101041, 109051,
                            107061, 111071, 105081, 112091, 104101};

TEST(Shift, EqualsTheReferenceValues) {
  const Shift found = shift(histogram_of(kBaselineTicks), histogram_of(kCandidateTicks), 0.975).value();
  EXPECT_EQ(found.estimate, 3001);
  EXPECT_EQ(found.interval->low, 1);
  EXPECT_EQ(found.interval->high, 6061);
}

TEST(Shift, IsExactWithTies) {
  const Ticks x{101, 103, 99, 104, 102, 107, 100, 103, 105, 110};
  const Ticks y{104, 106, 103, 108, 101, 109, 107, 111, 105, 112, 104};
  EXPECT_EQ(shift(histogram_of(x), histogram_of(y), 0.975)->estimate, 3.0);
}

TEST(PairedShift, EqualsTheReferenceValues) {
  Ticks differences;
  for (std::size_t i = 0; i < kBaselineTicks.size(); ++i)
    differences.push_back(kCandidateTicks[i] - kBaselineTicks[i]);
  const Shift found = paired_shift(histogram_of(differences), 0.975).value();
  EXPECT_EQ(found.estimate, 3001);
  EXPECT_EQ(found.interval->low, 1001);
  EXPECT_EQ(found.interval->high, 5501);
}

TEST(PairedShift, MayBeHalfAStep) {
  EXPECT_EQ(paired_shift(histogram_of({1, 2}), 0.95)->estimate, 1.5);
  EXPECT_EQ(paired_shift(histogram_of({-3, -2, -2, -1}), 0.95)->estimate, -2);
}

TEST(Shifts, HaveNoIntervalFromTooFewObservations) {
  EXPECT_FALSE(shift(histogram_of({1, 2, 3}), histogram_of({4, 5}), 0.95)->interval);
  EXPECT_TRUE(shift(histogram_of({1, 2, 3}), histogram_of({4, 5, 6}), 0.95)->interval);  // 1 of 20 orders
  EXPECT_FALSE(paired_shift(histogram_of({1, 2, 3, 4}), 0.95)->interval);
  EXPECT_TRUE(paired_shift(histogram_of({1, 2, 3, 4, 5}), 0.95)->interval);  // 1 of 32 signs
}

TEST(Shifts, AreNoneWithoutObservations) {
  EXPECT_FALSE(shift({}, histogram_of({1}), 0.95));
  EXPECT_FALSE(shift(histogram_of({1}), {}, 0.95));
  EXPECT_FALSE(paired_shift({}, 0.95));
}

TEST(Shifts, CollapseToAPointWhenNothingVaries) {
  const Shift two = shift({{500, 40}}, {{507, 30}}, 0.95).value();
  EXPECT_EQ(two.estimate, 7);
  EXPECT_EQ(two.interval->low, 7);
  EXPECT_EQ(two.interval->high, 7);
  const Shift paired = paired_shift({{-4, 1000}}, 0.95).value();
  EXPECT_EQ(paired.estimate, -4);
  EXPECT_EQ(paired.interval->high, -4);
}

TEST(Shifts, TakeTenMillionObservationsByCounting) {
  Histogram baseline, candidate;
  for (std::int64_t value = 0; value < 1000; ++value) {
    baseline.push_back({value, 10'000});
    candidate.push_back({value + 3, 10'000});
  }
  const Shift found = shift(baseline, candidate, 0.95).value();
  EXPECT_EQ(found.estimate, 3);
  EXPECT_NEAR(found.interval->low, 3, 1);
  EXPECT_NEAR(found.interval->high, 3, 1);
  EXPECT_EQ(paired_shift({{-1, 4'000'000}, {5, 6'000'000}}, 0.95)->estimate, 2);
}

// Against every difference and every mean of two, written out.
TEST(Shifts, EqualTheSortedListOfAllPairs) {
  SeededRandom random(9);
  for (int round = 0; round < 200; ++round) {
    Ticks x(1 + random.below(12)), y(1 + random.below(12)), differences, walsh;
    for (auto& value : x) value = static_cast<std::int64_t>(random.below(20)) - 10;
    for (auto& value : y) value = static_cast<std::int64_t>(random.below(20)) - 10;
    for (std::size_t i = 0; i < y.size(); ++i) {
      for (const std::int64_t value : x) differences.push_back(y[i] - value);
      for (std::size_t j = i; j < y.size(); ++j) walsh.push_back(y[i] + y[j]);
    }
    std::sort(differences.begin(), differences.end());
    std::sort(walsh.begin(), walsh.end());
    const auto median = [](const Ticks& v) {
      return static_cast<double>(v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2;
    };
    EXPECT_EQ(shift(histogram_of(x), histogram_of(y), 0.9)->estimate, median(differences));
    EXPECT_EQ(paired_shift(histogram_of(y), 0.9)->estimate, median(walsh) / 2);
    if (const auto k = signed_rank_rank(y.size(), 0.1)) {
      EXPECT_EQ(paired_shift(histogram_of(y), 0.9)->interval->low, static_cast<double>(walsh[*k - 1]) / 2);
    }
  }
}

// Exponential latencies in integer ticks, so with ties and skewed.
std::int64_t ticks(double mean, SeededRandom& random) {
  return static_cast<std::int64_t>(-mean * std::log(random.uniform()));
}

TEST(Shift, BoundsHoldAtTheirLevel) {
  SeededRandom random(23);
  constexpr int kCampaigns = 2000;
  int above = 0, below = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    Ticks x, y;
    for (int k = 0; k < 40; ++k) x.push_back(1000 + ticks(50, random));
    for (int k = 0; k < 30; ++k) y.push_back(1007 + ticks(50, random));
    const Interval interval = *shift(histogram_of(x), histogram_of(y), 0.95)->interval;
    above += interval.high < 7;
    below += interval.low > 7;
  }
  EXPECT_LE(above, kCampaigns * 0.065);
  EXPECT_LE(below, kCampaigns * 0.065);
  EXPECT_GE(above + below, kCampaigns * 0.05);  // no wider than it has to be
}

TEST(PairedShift, BoundsHoldAtTheirLevel) {
  SeededRandom random(29);
  constexpr int kCampaigns = 2000;
  int above = 0, below = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    Ticks differences;
    for (int k = 0; k < 150; ++k) {
      const std::int64_t baseline = ticks(30, random), candidate = 4 + ticks(30, random);
      differences.push_back(candidate - baseline);
    }
    const Interval interval = *paired_shift(histogram_of(differences), 0.95)->interval;
    above += interval.high < 4;
    below += interval.low > 4;
  }
  EXPECT_LE(above, kCampaigns * 0.065);
  EXPECT_LE(below, kCampaigns * 0.065);
  EXPECT_GE(above + below, kCampaigns * 0.05);
}

}  // namespace
}  // namespace tinyhil::stats
