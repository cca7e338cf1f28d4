// SPDX-License-Identifier: Apache-2.0
#include "design_effect.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

using PairGroups = std::vector<PairCounts>;

TEST(DesignEffect, IsOneWhenEachVectorStandsAlone) {
  const PairGroups groups{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
  EXPECT_EQ(design_effect(groups), 1);
  EXPECT_EQ(independent_worth(groups, 0.95).n, 4);
  EXPECT_EQ(design_effect({}), 1);
  EXPECT_EQ(independent_worth({}, 0.95).n, 0);
}

TEST(DesignEffect, IsTheGroupSizeWhenAGroupActsAsOne) {
  PairGroups groups(500, {10, 0, 0, 0});
  for (int i = 0; i < 40; ++i) groups[i] = i % 4 == 0 ? PairCounts{0, 0, 10, 0} : PairCounts{0, 10, 0, 0};
  EXPECT_NEAR(design_effect(groups), 10, 0.05);
}

TEST(IndependentWorth, HasNoMoreDisagreementsThanVectorsWhenAllDisagree) {
  const PairGroups groups{{0, 1, 1, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 1, 0}};
  const Pairs worth = independent_worth(groups, 0.95);
  EXPECT_LE(worth.lost + worth.gained, worth.n);
  EXPECT_GE(lower_bound(worth, 0.95), -1);
  SeededRandom random(3);
  for (int i = 0; i < 10'000; ++i) {
    const double lost = 1 + std::floor(50 * random.uniform()), gained = 1 + std::floor(50 * random.uniform());
    const Pairs scaled = Pairs{lost, gained, lost + gained}.scaled(random.uniform());
    ASSERT_LE(scaled.lost + scaled.gained, scaled.n);
  }
}

TEST(DesignEffect, IsNearOneWhenVectorsOfAGroupAreIndependent) {
  SeededRandom random(2);
  PairGroups groups;
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t lost = random.binomial(10, 0.05), gained = random.binomial(10 - lost, 0.05);
    groups.push_back({10 - lost - gained, lost, gained, 0});
  }
  EXPECT_NEAR(design_effect(groups), 1, 0.08);
}

TEST(DesignEffect, IsNeverBelowOne) {
  EXPECT_EQ(design_effect(PairGroups(300, {8, 1, 1, 0})),
            1);  // each group has the same, less than chance would give
}

TEST(DesignEffect, IsTheWorstWithoutDisagreementAndFallsAsItIsSeenNotToBe) {
  PairGroups groups(400, {10, 0, 0, 0});
  EXPECT_EQ(design_effect(groups), 10);
  double before = 10;
  for (int i = 0; i < 50; ++i) {  // one lonely loss after another
    groups[i] = {9, 1, 0, 0};
    const double now = design_effect(groups);
    EXPECT_LT(now, before);
    before = now;
  }
  EXPECT_LT(before, 1.3);
}

TEST(DesignEffect, CallsASingleGroupOneVector) {
  EXPECT_EQ(design_effect(PairGroups{{90, 5, 5, 0}}), 100);
  EXPECT_EQ(design_effect(PairGroups{{90, 5, 5, 0}, {}}), 100);
  EXPECT_NEAR(independent_worth(PairGroups{{90, 5, 5, 0}}, 0.95).n, 1, 1e-12);
}

TEST(IndependentWorth, KeepsTheDifferenceAndShrinksWithFewGroups) {
  const PairGroups few{{8, 2, 0, 0}, {9, 0, 1, 0}, {7, 3, 0, 0}};
  const Pairs worth = independent_worth(few, 0.95);
  EXPECT_NEAR(worth.difference(), -4.0 / 30, 1e-12);
  EXPECT_LT(worth.n, 30 / design_effect(few));
}

// Recordings of 8 windows with their own rates of loss and gain: how often the paired bounds miss the truth.
struct PairedMisses {
  double scaled = 0, unscaled = 0;
};

PairedMisses misses(std::size_t recordings, double together, SeededRandom& random) {
  constexpr int kCampaigns = 300;
  constexpr double kLost = 0.06, kGained = 0.05;
  PairedMisses found;
  for (int i = 0; i < kCampaigns; ++i) {
    PairGroups groups;
    Pairs all;
    for (std::size_t r = 0; r < recordings; ++r) {
      PairCounts group{8, 0, 0, 0};
      const auto draw = [&] {
        const double u = random.uniform();
        return u < kLost ? 0 : u < kLost + kGained ? 1 : 2;
      };
      const int common = draw();
      for (int window = 0; window < 8; ++window) {
        const int kind = random.uniform() < together ? common : draw();
        if (kind == 2) continue;
        --group.both_right;
        ++(kind == 0 ? group.lost : group.gained);
      }
      all.lost += static_cast<double>(group.lost);
      all.gained += static_cast<double>(group.gained);
      all.n += 8;
      groups.push_back(group);
    }
    found.scaled += lower_bound(independent_worth(groups, 0.95), 0.95) > kGained - kLost;
    found.unscaled += lower_bound(all, 0.95) > kGained - kLost;
  }
  return {found.scaled / kCampaigns, found.unscaled / kCampaigns};
}

TEST(IndependentWorth, KeepsTheLevelOfPairedBoundsWhereWindowsOfARecordingHangTogether) {
  SeededRandom random(13);
  const PairedMisses strongly = misses(100, 0.9, random);
  EXPECT_LT(strongly.scaled, 0.08);
  EXPECT_GT(strongly.unscaled, 0.15);  // what scaling is for
  EXPECT_LT(misses(100, 0.4, random).scaled, 0.08);
}

TEST(IndependentWorth, CostsLittleWhereWindowsAreIndependent) {
  SeededRandom random(14);
  const PairedMisses none = misses(100, 0, random);
  EXPECT_LT(none.scaled, 0.08);
  EXPECT_GT(none.scaled, 0.005);
}

}  // namespace
}  // namespace tinyhil::stats
