// SPDX-License-Identifier: Apache-2.0
// Expected values of Welch: scipy.stats.ttest_ind(equal_var=False).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "blocks.hpp"
#include "mann_whitney.hpp"
#include "seeded_random.hpp"
#include "stats/internal/histogram_of.hpp"
#include "stats/internal/latency_class.hpp"
#include "stats/internal/welch.hpp"
#include "warm_up.hpp"

namespace tinyhil::stats {
namespace {

using Series = std::vector<double>;
using testing::ElementsAre;
using testing::IsEmpty;

Series autoregressive(double rho, std::size_t n, SeededRandom& random) {
  Series series{random.normal()};
  while (series.size() < n) {
    series.push_back(rho * series.back() + std::sqrt(1 - rho * rho) * random.normal());
  }
  return series;
}

TEST(WarmUpCut, FindsWhereASlowStartEnds) {
  SeededRandom random(1);
  Series series;
  for (int i = 0; i < 400; ++i) series.push_back(1000 + (i < 60 ? 300 - 5 * i : 0) + random.normal());
  const auto cut = warm_up_cut(series);
  ASSERT_TRUE(cut);
  EXPECT_GE(*cut, 55u);
  EXPECT_LE(*cut, 75u);
}

TEST(WarmUpCut, DropsNothingFromASteadySeries) {
  EXPECT_EQ(warm_up_cut(Series(200, 42.0)), 0u);
  Series ripple;
  for (int i = 0; i < 200; ++i) ripple.push_back(i % 2);
  EXPECT_EQ(warm_up_cut(ripple), 0u);
}

TEST(WarmUpCut, IsUndecidedWhileTheSeriesStillMoves) {
  Series rising;
  for (int i = 0; i < 200; ++i) rising.push_back(i);
  EXPECT_FALSE(warm_up_cut(rising));
  EXPECT_FALSE(warm_up_cut(Series(19, 1.0)));
  EXPECT_FALSE(warm_up_cut({}));
}

TEST(EffectiveSize, IsTheNumberOfIndependentValues) {
  SeededRandom random(3);
  EXPECT_GT(effective_size(autoregressive(0, 4000, random)), 3500);
  EXPECT_NEAR(effective_size(autoregressive(0.5, 40'000, random)), 40'000.0 / 3, 1500);
  EXPECT_NEAR(effective_size(autoregressive(0.9, 40'000, random)), 40'000.0 / 19, 400);
}

TEST(EffectiveSize, NeverExceedsTheNumberOfValues) {
  Series alternating;
  for (int i = 0; i < 100; ++i) alternating.push_back(i % 2);
  EXPECT_EQ(effective_size(alternating), 100);
  EXPECT_EQ(effective_size(Series(50, 7.0)), 50);
  EXPECT_EQ(effective_size(Series{3.0}), 1);
  EXPECT_EQ(effective_size({}), 0);
}

TEST(EffectiveSize, IsOneForATrendOverThousandsOfValues) {
  Series rising;
  for (int i = 0; i < 9000; ++i) rising.push_back(i);
  EXPECT_EQ(effective_size(rising), 1);
}

TEST(BlockMeans, DropTheIncompleteRest) {
  EXPECT_THAT(block_means(Series{1, 3, 5, 7, 100}, 2), ElementsAre(2, 6));
  EXPECT_THAT(block_means(Series{1}, 2), IsEmpty());
}

TEST(BlockLength, GrowsWithWhatHangsTogether) {
  SeededRandom random(4);
  EXPECT_EQ(block_length(autoregressive(0, 20'000, random)), 1u);
  EXPECT_NEAR(static_cast<double>(block_length(autoregressive(0.9, 40'000, random))), 190, 40);
  EXPECT_EQ(block_length({}), 1u);
}

double false_alarms(double rho, std::size_t block, SeededRandom& random) {
  constexpr int kCampaigns = 600;
  int alarms = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    const auto sample = [&] {
      std::vector<std::int64_t> values;
      for (const double mean : block_means(autoregressive(rho, 400, random), block)) {
        values.push_back(std::llround(mean * 1e6));
      }
      return histogram_of(values);
    };
    const Histogram baseline = sample(), candidate = sample();
    alarms += mann_whitney(baseline, candidate)->p_two_sided(Continuity::corrected) < 0.05;
  }
  return static_cast<double>(alarms) / kCampaigns;
}

TEST(BlockMeans, RestoreTheErrorLevelOfATestOnSeries) {
  SeededRandom random(6);
  EXPECT_NEAR(false_alarms(0.5, 1, random), 0.239, 0.06);
  EXPECT_NEAR(false_alarms(0.5, 20, random), 0.056, 0.03);
  EXPECT_GT(false_alarms(0.9, 1, random), 0.55);
  EXPECT_LT(false_alarms(0.9, 20, random), 0.16);
}

TEST(Welch, EqualsTheReferenceValues) {
  const Series x{101, 103, 99, 104, 102, 107, 100, 103, 105, 110};
  const Series y{104, 106, 103, 108, 101, 109, 107, 111, 105, 112, 104};
  const auto found = welch(x, y);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->t(), 2.0198508, 5.1e-8);
  EXPECT_NEAR(found->p_two_sided(), 0.0577965, 5.1e-8);
  EXPECT_NEAR(found->degrees, 18.911417737478708, 1e-9);
  EXPECT_NEAR(found->bounds(1 - found->p_two_sided() / 2).low, 0, 1e-9);
}

TEST(Welch, IsNoneWithoutSpreadOrWithOneValue) {
  EXPECT_FALSE(welch(Series{5, 5, 5}, Series{6, 6, 6}));
  EXPECT_FALSE(welch(Series{5}, Series{6, 7, 8}));
  EXPECT_TRUE(welch(Series{5, 5, 5}, Series{6, 7, 8}));
}

using Rows = std::vector<TimedVector>;

TEST(LatencyClassOf, OneValueIsDeterministic) {
  EXPECT_EQ(latency_class(Rows{{0, 900}, {1, 900}, {2, 900}}), LatencyClass::deterministic);
}

TEST(LatencyClassOf, AShortCycleIsDeterministic) {
  Rows rows;
  for (std::uint32_t i = 0; i < 30; ++i) rows.push_back({i / 2, i % 3 == 0 ? 901u : 900u});
  EXPECT_EQ(latency_class(rows), LatencyClass::deterministic);
  rows[17].ticks += 1;
  EXPECT_EQ(latency_class(rows), LatencyClass::noisy);
}

TEST(LatencyClassOf, TheSameTicksForTheSameVectorIsRepeatable) {
  EXPECT_EQ(latency_class(Rows{{0, 900}, {1, 950}, {1, 950}, {0, 900}}), LatencyClass::repeatable);
  EXPECT_EQ(latency_class(Rows{{0, 900}, {1, 950}, {1, 951}, {0, 900}}), LatencyClass::noisy);
}

TEST(LatencyClassOf, IsNoisyWhereAVectorWasSeenOnce) {
  EXPECT_EQ(latency_class(Rows{{0, 900}, {0, 900}, {1, 950}}), LatencyClass::noisy);
  EXPECT_EQ(latency_class({}), LatencyClass::noisy);
}

}  // namespace
}  // namespace tinyhil::stats
