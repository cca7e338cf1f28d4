// SPDX-License-Identifier: Apache-2.0
#include "coverage_width.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tinyhil::stats {
namespace {

TEST(CoverageWidth, OfNormalErrorsIsTheNormalQuantile) {
  EXPECT_NEAR(coverage_half_width({.normal = 2}, 0.95), 2 * 1.959964, 1e-5);
}

TEST(CoverageWidth, OfFewObservationsIsStudentsQuantile) {
  EXPECT_NEAR(coverage_half_width({.student = 1, .degrees = 4}, 0.95), 2.776445, 1e-5);
}

TEST(CoverageWidth, OfOneRectangularErrorIsAShareOfIt) {
  EXPECT_NEAR(coverage_half_width({.half_widths = {0.1}}, 0.95), 0.095, 0.0005);
}

TEST(CoverageWidth, OfTwoEqualRectangularErrorsIsThatOfATriangle) {
  EXPECT_NEAR(coverage_half_width({.half_widths = {1, 1}}, 0.95), 2 * (1 - std::sqrt(0.05)), 0.01);
}

TEST(CoverageWidth, OfManyRectangularErrorsComesToTheNormalOne) {
  const ErrorSum many{.half_widths = std::vector<double>(12, 1.0)};
  EXPECT_NEAR(coverage_half_width(many, 0.95), 1.96 * 2, 0.03);
}

TEST(CoverageWidth, GrowsWithEveryError) {
  const double alone = coverage_half_width({.half_widths = {1}}, 0.95);
  const double with_noise = coverage_half_width({.normal = 0.3, .half_widths = {1}}, 0.95);
  EXPECT_GT(with_noise, alone);
  EXPECT_GT(coverage_half_width({.normal = 0.3, .half_widths = {1, 0.5}}, 0.95), with_noise);
}

TEST(CoverageWidth, OfARectangularErrorWithNoiseAgreesWithTheIntegral) {
  // P(|N(0, 0.5) + U(-1, 1)| <= x) = 0.95 by numerical integration: x = 1.4512.
  EXPECT_NEAR(coverage_half_width({.normal = 0.5, .half_widths = {1}}, 0.95), 1.4512, 0.005);
}

TEST(CoverageWidth, OfNothingIsZero) { EXPECT_EQ(coverage_half_width({}, 0.95), 0); }

}  // namespace
}  // namespace tinyhil::stats
