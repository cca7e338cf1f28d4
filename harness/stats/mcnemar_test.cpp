// SPDX-License-Identifier: Apache-2.0
// Expected values: statsmodels.stats.contingency_tables.mcnemar(exact=True) and R's McNemar_midP_test.
#include "mcnemar.hpp"

#include <gtest/gtest.h>

namespace tinyhil {
namespace {

TEST(McNemar, EqualsTheReferenceValues) {
  EXPECT_NEAR(mcnemar_exact(40, 20), 0.01348929, 5e-9);
  EXPECT_NEAR(mcnemar_mid_p(40, 20), 0.00985345, 5e-9);
  EXPECT_NEAR(mcnemar_exact(12, 9), 0.66362381, 5e-9);
  EXPECT_NEAR(mcnemar_mid_p(12, 9), 0.52346706, 5e-9);
  EXPECT_NEAR(mcnemar_exact(30, 25), 0.59005333, 5e-9);
  EXPECT_NEAR(mcnemar_mid_p(30, 25), 0.50440376, 5e-9);
  EXPECT_NEAR(mcnemar_exact(5, 0), 0.0625, 1e-15);
  EXPECT_NEAR(mcnemar_mid_p(5, 0), 0.03125, 1e-15);
  EXPECT_NEAR(mcnemar_exact(1, 7), 0.0703125, 1e-15);
  EXPECT_NEAR(mcnemar_mid_p(1, 7), 0.0390625, 1e-15);
  EXPECT_NEAR(mcnemar_exact(150, 120), 0.07738940, 5e-9);
  EXPECT_NEAR(mcnemar_mid_p(150, 120), 0.06820129, 5e-9);
}

TEST(McNemar, SeesNothingWithoutDisagreement) {
  EXPECT_EQ(mcnemar_exact(0, 0), 1);
  EXPECT_EQ(mcnemar_mid_p(0, 0), 1);
}

TEST(McNemar, HalvesTheMiddleOnceWhenLossesEqualGains) {
  EXPECT_EQ(mcnemar_exact(2, 2), 1);
  EXPECT_NEAR(mcnemar_mid_p(2, 2), 1 - 0.375 / 2, 1e-15);
}

}  // namespace
}  // namespace tinyhil
