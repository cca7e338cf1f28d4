// SPDX-License-Identifier: Apache-2.0
// Expected values: R rpact::getDesignGroupSequential(kMax = 5), to the digits it prints.
#include "group_sequential.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "normal.hpp"
#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

using testing::DoubleNear;
using testing::Pointwise;
using Bounds = std::vector<double>;

constexpr double kSixDigits = 1.1e-6;

TEST(EfficacyBounds, EqualTheReferenceValues) {
  EXPECT_THAT(efficacy_bounds(equal_looks(5), 0.025, Spending::obrien_fleming),
              Pointwise(DoubleNear(kSixDigits), Bounds{4.876885, 3.357012, 2.680280, 2.289817, 2.031032}));
  EXPECT_THAT(efficacy_bounds(equal_looks(5), 0.05, Spending::obrien_fleming),
              Pointwise(DoubleNear(kSixDigits), Bounds{4.229195, 2.888137, 2.298090, 1.961821, 1.739705}));
  EXPECT_THAT(efficacy_bounds(equal_looks(5), 0.05, Spending::pocock),
              Pointwise(DoubleNear(kSixDigits), Bounds{2.176211, 2.143748, 2.113285, 2.089599, 2.070998}));
}

TEST(EfficacyBounds, AreTheQuantileForASingleLook) {
  for (const Spending spending : {Spending::obrien_fleming, Spending::pocock}) {
    EXPECT_NEAR(efficacy_bounds(equal_looks(1), 0.05, spending).front(), normal_quantile(0.95), 1e-9);
  }
}

TEST(EfficacyBounds, DependOnTheLooksTakenSoFarOnly) {
  const Bounds shares{0.2, 0.4, 0.6};
  const Bounds all = efficacy_bounds(equal_looks(5), 0.05, Spending::pocock);
  EXPECT_THAT(efficacy_bounds(shares, 0.05, Spending::pocock),
              Pointwise(DoubleNear(1e-9), Bounds{all[0], all[1], all[2]}));
}

TEST(EfficacyBounds, AreInfiniteWhereNothingMayBeSpent) {
  EXPECT_TRUE(std::isinf(efficacy_bounds(equal_looks(40), 0.05, Spending::obrien_fleming).front()));
}

TEST(Spent, IsEverythingAtTheEndAndNothingAtTheStart) {
  for (const Spending spending : {Spending::obrien_fleming, Spending::pocock}) {
    EXPECT_EQ(spent(spending, 0.05, 0), 0);
    EXPECT_NEAR(spent(spending, 0.05, 1), 0.05, 1e-15);
  }
}

TEST(GroupSequentialDesign, EqualsTheReferenceValuesOfOBrienFleming) {
  const GroupSequential design = group_sequential(equal_looks(5), 0.05, 0.1, Spending::obrien_fleming);
  EXPECT_THAT(design.futility,
              Pointwise(DoubleNear(kSixDigits), Bounds{-2.115562, -0.402643, 0.524865, 1.170939, 1.739705}));
  EXPECT_NEAR(design.inflation, 1.114559, kSixDigits);
  EXPECT_NEAR(design.expected_true, 0.7525, 5.1e-5);
  EXPECT_NEAR(design.expected_null, 0.6693, 5.1e-5);
}

TEST(GroupSequentialDesign, EqualsTheReferenceValuesOfPocock) {
  const GroupSequential design = group_sequential(equal_looks(5), 0.05, 0.1, Spending::pocock);
  EXPECT_NEAR(design.inflation, 1.473359, kSixDigits);
  EXPECT_NEAR(design.expected_true, 0.672, 5.1e-4);
  EXPECT_NEAR(design.expected_null, 0.593, 5.1e-4);
}

TEST(GroupSequentialDesign, IsTheFixedDesignForASingleLook) {
  const GroupSequential design = group_sequential(equal_looks(1), 0.05, 0.1, Spending::obrien_fleming);
  EXPECT_NEAR(design.inflation, 1, 1e-9);
  EXPECT_NEAR(design.expected_null, 1, 1e-9);
}

// A walk with and without the effect, and one that ignores futility.
TEST(GroupSequentialDesign, KeepsItsErrorLevelsInSimulation) {
  const Bounds shares{0.1, 0.25, 0.6, 1};  // at uneven looks
  const GroupSequential design = group_sequential(shares, 0.05, 0.1, Spending::pocock);
  const double drift = std::sqrt(design.inflation) * (normal_quantile(0.95) + normal_quantile(0.9));
  SeededRandom random(31);
  constexpr int kCampaigns = 20'000;
  int false_pass = 0, true_pass = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    double walk = 0, before = 0;
    bool ignoring = false, heeding = false, stopped = false;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      walk += std::sqrt(shares[k] - before) * random.normal();
      before = shares[k];
      ignoring |= walk / std::sqrt(shares[k]) >= design.efficacy[k];
      const double z = (walk + drift * shares[k]) / std::sqrt(shares[k]);
      heeding |= !stopped && z >= design.efficacy[k];
      stopped |= z >= design.efficacy[k] || z <= design.futility[k];
    }
    false_pass += ignoring;
    true_pass += heeding;
  }
  EXPECT_NEAR(false_pass, kCampaigns * 0.05, kCampaigns * 0.005);
  EXPECT_NEAR(true_pass, kCampaigns * 0.9, kCampaigns * 0.007);
}

}  // namespace
}  // namespace tinyhil::stats
