// SPDX-License-Identifier: Apache-2.0
#include "group_mean.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "intervals.hpp"
#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

using Groups = std::vector<GroupTotal>;

Groups coins(double ones, double n) { return {{1, 1, ones}, {0, 1, n - ones}}; }

TEST(GroupMean, IsClopperAndPearsonsBoundForSingleZerosAndOnes) {
  for (const auto& [ones, n] :
       {std::pair{1, 1}, {1, 2}, {3, 10}, {9, 10}, {10, 10}, {50, 1000}, {999'990, 1'000'000}}) {
    const Interval exact =
        clopper_pearson(static_cast<std::uint64_t>(ones), static_cast<std::uint64_t>(n), 0.9);
    EXPECT_NEAR(mean_lower_bound(coins(ones, n), 0, 0.95), exact.low, 1e-10) << ones << " of " << n;
    EXPECT_NEAR(mean_upper_bound(coins(ones, n), 1, 0.95), exact.high, 1e-10) << ones << " of " << n;
  }
}

// A single wrong word among those of 24 speakers may be the one of a hundred, or of a speaker who has a
// hundred.
TEST(GroupMean, ExcludesOnlyWhatAnUnseenGroupCouldHide) {
  EXPECT_NEAR(mean_upper_bound(Groups{{0, 46, 24}}, 1, 0.95), 1 - std::pow(0.05, 1.0 / 24), 1e-10);
  EXPECT_GT(p_below(Groups{{0, 46, 48}}, 0.06, 1), 0.05);
  EXPECT_LT(p_below(Groups{{0, 46, 49}}, 0.06, 1), 0.05);
}

// Where all that was seen lies above: the product of worst / (worst + excess).
TEST(GroupMean, IsExactForFewGroups) {
  EXPECT_NEAR(p_above(Groups{{0.9, 1, 1}}, 0.4, 0), 0.4 / 0.9, 1e-12);
  EXPECT_NEAR(p_above(Groups{{0.9, 1, 1}, {0.6, 1, 1}}, 0.4, 0), 0.4 / 0.9 * 0.4 / 0.6, 1e-12);
  EXPECT_NEAR(p_below(Groups{{0.1, 1, 1}, {0.4, 1, 1}}, 0.6, 1), 0.4 / 0.9 * 0.4 / 0.6, 1e-12);
}

TEST(GroupMean, KeepsItsDigitsFarInTheTail) {
  EXPECT_NEAR(std::log(p_above(Groups{{1, 1, 1e6}}, 0.9995, 0)), 1e6 * std::log(0.9995), 1e-6);
  EXPECT_NEAR(mean_lower_bound(Groups{{1, 1, 1e6}}, 0, 0.95), std::pow(0.05, 1e-6), 1e-12);
}

Groups unlike(std::uint64_t seed, int groups) {
  SeededRandom random(seed);
  Groups made;
  for (int i = 0; i < groups; ++i) {
    const double size = 1 + static_cast<double>(random.below(80));
    made.push_back({size * (2 * random.uniform() - 1), size, 1});
  }
  return made;
}

TEST(GroupMean, AgreesWithDrawnExponentials) {
  const Groups groups = unlike(3, 24);
  double squares = 0, cubes = 0;
  for (const GroupTotal& group : groups) {
    squares += std::pow(group.size, 2);
    cubes += std::pow(group.size, 3);
  }
  for (const double mean : {-0.4, -0.2, 0.0, 0.2}) {
    SeededRandom random(4);
    const auto exponential = [&] { return -std::log1p(-random.uniform()); };
    constexpr int kRuns = 20'000;
    int below = 0;
    for (int run = 0; run < kRuns; ++run) {
      double sum = exponential() * (-1 - mean) * cubes / squares;
      for (const GroupTotal& group : groups) sum += exponential() * (group.sum - mean * group.size);
      below += sum <= 0;
    }
    EXPECT_NEAR(p_above(groups, mean, -1), static_cast<double>(below) / kRuns, 0.012) << mean;
  }
}

TEST(GroupMean, GrowsWithTheMeanAskedFor) {
  const Groups groups = unlike(5, 15);
  double before = 0;
  for (double mean = -0.99; mean < 1; mean += 0.01) {
    const double now = p_above(groups, mean, -1);
    EXPECT_GE(now, before - 1e-12) << mean;
    EXPECT_LE(now, 1);
    before = now;
  }
  EXPECT_EQ(before, 1);
}

TEST(GroupMean, TakesThousandsOfUnlikeGroups) {
  const Groups groups = unlike(6, 3000);
  const double low = mean_lower_bound(groups, -1, 0.95), high = mean_upper_bound(groups, 1, 0.95);
  EXPECT_LT(low, high);
  EXPECT_NEAR(high - low, 2 * 1.645 * std::sqrt(4.0 / 12 / 3000 * 4 / 3), 0.004);
  EXPECT_NEAR(p_above(groups, low, -1), 0.05, 1e-9);
}

TEST(GroupMean, SaysNothingWithoutGroupsAndTheWorstWhereAllAreWorst) {
  EXPECT_EQ(mean_lower_bound({}, -1, 0.95), -1);
  EXPECT_EQ(mean_upper_bound({}, 1, 0.95), 1);
  EXPECT_EQ(p_above({}, 0, -1), 1);
  EXPECT_EQ(mean_lower_bound(Groups{{-20, 20, 5}}, -1, 0.95), -1);
  EXPECT_EQ(p_above(Groups{{0, 10, 3}}, 0, -1), 1);
}

// 24 speakers of whom one in ten cannot be understood any more: a variance made of them passes far too often.
TEST(GroupMean, KeepsItsLevelForFewUnlikeGroups) {
  constexpr int kRuns = 2000;
  SeededRandom random(7);
  int missed = 0;
  for (int run = 0; run < kRuns; ++run) {
    double bad = 0;
    for (int i = 0; i < 60; ++i) bad += random.uniform() < 0.06;
    missed += p_below(Groups{{0, 40, 60 - bad}, {40, 40, bad}}, 0.06, 1) < 0.05;
  }
  EXPECT_LE(missed, kRuns * 0.05 + 3 * std::sqrt(kRuns * 0.05 * 0.95));
}

// Groups of 10, and some of 40 that alone are bad, as users who use it most might be.
TEST(GroupMean, KeepsItsLevelWhereOnlyLargeGroupsAreBad) {
  constexpr int kRuns = 1000;
  SeededRandom random(8);
  int missed = 0;
  for (int run = 0; run < kRuns; ++run) {
    double large = 0, bad = 0;
    for (int i = 0; i < 100; ++i) {
      const bool is_large = random.uniform() < 0.2;
      large += is_large;
      bad += is_large && random.uniform() < 0.06 * 16 / 8;
    }
    missed += p_below(Groups{{0, 10, 100 - large}, {0, 40, large - bad}, {40, 40, bad}}, 0.06, 1) < 0.05;
  }
  EXPECT_LE(missed, kRuns * 0.05);
}

}  // namespace
}  // namespace tinyhil::stats
