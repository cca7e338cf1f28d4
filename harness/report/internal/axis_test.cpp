// SPDX-License-Identifier: Apache-2.0
#include "axis.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil::report {
namespace {

TEST(Axis, CoversAllValuesWithAir) {
  const Axis axis = Axis::around({2, 12});
  EXPECT_LT(axis.low(), 2);
  EXPECT_GT(axis.high(), 12);
  EXPECT_GT(axis.fraction(2), 0.02);
  EXPECT_LT(axis.fraction(12), 0.98);
}

TEST(Axis, GivesASingleValueRoomOnBothSides) {
  const Axis axis = Axis::around({12'345.68, 12'345.68});
  EXPECT_DOUBLE_EQ(axis.fraction(12'345.68), 0.5);
}

TEST(Axis, IgnoresWhatIsNotFinite) {
  const Axis axis = Axis::around({NAN, -INFINITY, 3, 4, INFINITY});
  EXPECT_GT(axis.low(), 2.5);
  EXPECT_LT(axis.high(), 4.5);
}

TEST(Axis, StandsWithoutAnyValue) {
  EXPECT_EQ(Axis::around({}).position(0.5), "50.00%");
  EXPECT_EQ(Axis::around({NAN}).position(NAN), "0.00%");
}

TEST(Axis, HoldsValuesBeyondItsEndsAtTheEnds) {
  const Axis axis = Axis::from_zero(100);
  EXPECT_EQ(axis.position(-5), "0.00%");
  EXPECT_EQ(axis.position(INFINITY), "100.00%");
}

TEST(Axis, TicksAreFewRoundAndInside) {
  for (const double span : {1e-6, 0.034, 7.0, 61'428.0}) {
    const Axis axis = Axis::around({0, span});
    const std::vector<double> ticks = axis.ticks();
    EXPECT_GE(ticks.size(), 2u) << span;
    EXPECT_LE(ticks.size(), 6u) << span;
    EXPECT_GE(ticks.front(), axis.low());
    EXPECT_LE(ticks.back(), axis.high());
  }
}

}  // namespace
}  // namespace tinyhil::report
