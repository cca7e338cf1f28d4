// SPDX-License-Identifier: Apache-2.0
// Expected values: statsmodels.stats.proportion.proportion_confint, methods "wilson" and "beta".
#include "intervals.hpp"

#include <gtest/gtest.h>

namespace tinyhil::stats {
namespace {

constexpr double kEightDigits = 5e-9;

TEST(Wilson, EqualsTheReferenceValues) {
  EXPECT_NEAR(wilson(9, 10, 0.95).low, 0.59584997, kEightDigits);
  EXPECT_NEAR(wilson(9, 10, 0.95).high, 0.98212379, kEightDigits);
  EXPECT_NEAR(wilson(48, 50, 0.95).low, 0.86539909, kEightDigits);
  EXPECT_NEAR(wilson(48, 50, 0.95).high, 0.98896112, kEightDigits);
  EXPECT_NEAR(wilson(970, 1000, 0.95).low, 0.95749659, kEightDigits);
  EXPECT_NEAR(wilson(970, 1000, 0.95).high, 0.97890626, kEightDigits);
}

TEST(Wilson, StaysInsideZeroAndOne) {
  EXPECT_GE(wilson(0, 3, 0.95).low, 0.0);
  EXPECT_LE(wilson(3, 3, 0.95).high, 1.0);
  EXPECT_LT(wilson(0, 3, 0.95).high, 1.0);
  EXPECT_GT(wilson(3, 3, 0.95).low, 0.0);
}

TEST(ClopperPearson, EqualsTheReferenceValues) {
  EXPECT_NEAR(clopper_pearson(9, 10, 0.95).low, 0.55498388, kEightDigits);
  EXPECT_NEAR(clopper_pearson(9, 10, 0.95).high, 0.99747142, kEightDigits);
  EXPECT_DOUBLE_EQ(clopper_pearson(0, 20, 0.95).low, 0.0);
  EXPECT_NEAR(clopper_pearson(0, 20, 0.95).high, 0.16843347, kEightDigits);
  EXPECT_DOUBLE_EQ(clopper_pearson(20, 20, 0.95).high, 1.0);
  EXPECT_NEAR(clopper_pearson(20, 20, 0.95).low, 1 - 0.16843347, kEightDigits);
}

TEST(Intervals, KnowNothingWithoutObservations) {
  EXPECT_EQ(wilson(0, 0, 0.95).low, 0.0);
  EXPECT_EQ(wilson(0, 0, 0.95).high, 1.0);
  EXPECT_EQ(clopper_pearson(0, 0, 0.95).low, 0.0);
  EXPECT_EQ(clopper_pearson(0, 0, 0.95).high, 1.0);
}

TEST(ProportionOf, UsesTheExactIntervalForFewObservationsAndAtTheEnds) {
  EXPECT_EQ(proportion(38, 39).interval.low, clopper_pearson(38, 39, 0.95).low);
  EXPECT_EQ(proportion(39, 40).interval.low, wilson(39, 40, 0.95).low);
  EXPECT_EQ(proportion(0, 500).interval.high, clopper_pearson(0, 500, 0.95).high);
  EXPECT_EQ(proportion(500, 500).interval.low, clopper_pearson(500, 500, 0.95).low);
}

}  // namespace
}  // namespace tinyhil::stats
