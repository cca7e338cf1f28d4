// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include "quant.h"
}

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace {

TEST(Factor, HoldsARealAsMultiplierAndShift) {
  thil_factor factor{};
  ASSERT_TRUE(thil_factor_make(1.0, &factor));
  EXPECT_EQ(factor.multiplier, 1 << 30);
  EXPECT_EQ(factor.shift, 1);
  ASSERT_TRUE(thil_factor_make(0.75, &factor));
  EXPECT_EQ(factor.multiplier, 3 << 29);
  EXPECT_EQ(factor.shift, 0);
}

TEST(Factor, AgreesWithFrexpAndRound) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 100000; round++) {
    const double real =
        std::ldexp(1.0 + static_cast<double>(random()) * 0x1p-64, static_cast<int>(random() % 50) - 30);
    int shift = 0;
    auto expected = static_cast<int64_t>(std::round(std::frexp(real, &shift) * 0x1p31));
    if (expected == int64_t{1} << 31) {
      expected /= 2;
      shift++;
    }
    thil_factor factor{};
    ASSERT_TRUE(thil_factor_make(real, &factor));
    ASSERT_EQ(factor.multiplier, expected) << real;
    ASSERT_EQ(factor.shift, shift) << real;
  }
}

TEST(Factor, IsZeroForWhatIsTooSmallAndRefusesWhatIsNoFactor) {
  thil_factor factor{1, 1};
  ASSERT_TRUE(thil_factor_make(0x1p-40, &factor));
  EXPECT_EQ(factor.multiplier, 0);
  ASSERT_TRUE(thil_factor_make(0.0, &factor));
  EXPECT_EQ(factor.multiplier, 0);
  EXPECT_FALSE(thil_factor_make(-1.0, &factor));
  EXPECT_FALSE(thil_factor_make(0x1p30, &factor));
  EXPECT_FALSE(thil_factor_make(std::numeric_limits<double>::infinity(), &factor));
  EXPECT_FALSE(thil_factor_make(std::numeric_limits<double>::quiet_NaN(), &factor));
}

TEST(Scale, RoundsTwiceWhereLiteRtDoes) {
  EXPECT_EQ(thil_quant_scale(3, 1 << 30, 0), 2);    // 1.5
  EXPECT_EQ(thil_quant_scale(-3, 1 << 30, 0), -1);  // -1.5: the high multiply rounds halves up
  EXPECT_EQ(thil_quant_scale(-3, 1 << 30, 1), -3);
  EXPECT_EQ(thil_quant_scale(6485, 1467562064, -5), 139);  // 138.49: once to 4431.8, then up
  EXPECT_EQ(thil_quant_scale_once(6485, 1467562064, -5), 138);
  EXPECT_EQ(thil_quant_high_multiply(INT32_MIN, INT32_MIN), INT32_MAX);
}

TEST(Round, TakesHalvesAwayFromZeroAndSaturates) {
  EXPECT_EQ(thil_quant_round(0.5f), 1);
  EXPECT_EQ(thil_quant_round(-0.5f), -1);
  EXPECT_EQ(thil_quant_round(0.49999997f), 0);
  EXPECT_EQ(thil_quant_round(-1e30f), INT32_MIN);
  EXPECT_EQ(thil_quant_round(1e30f), INT32_MAX);
  EXPECT_EQ(thil_quant_round(std::numeric_limits<float>::quiet_NaN()), INT32_MIN);
}

TEST(Range, CutsAnActivationToTheOutputsType) {
  thil_range range{};
  ASSERT_TRUE(thil_range_make(0, 0.1f, 5, &range));
  EXPECT_EQ(range.min, -128);
  EXPECT_EQ(range.max, 127);
  ASSERT_TRUE(thil_range_make(1, 0.1f, 5, &range));
  EXPECT_EQ(range.min, 5);
  ASSERT_TRUE(thil_range_make(3, 0.1f, 5, &range));
  EXPECT_EQ(range.max, 65);
  ASSERT_TRUE(thil_range_make(3, 1e-30f, 5, &range));
  EXPECT_EQ(range.max, 127);
  EXPECT_FALSE(thil_range_make(4, 0.1f, 5, &range));
}

}  // namespace
