// SPDX-License-Identifier: Apache-2.0
#include "reading.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tinyhil {
namespace {

Check check_of(Outcome outcome, double estimate, double limit) {
  Check check;
  check.subject = "p99";
  check.outcome = outcome;
  check.n = 100;
  check.unit = Unit::milliseconds;
  check.estimate = estimate;
  check.limit = limit;
  return check;
}

TEST(Reading, TakesTheSideThatARuleNames) {
  Check check = check_of(Outcome::fail, 12, 10);
  check.allowed = Allowed::at_least;
  EXPECT_EQ(allowed_side(check), Allowed::at_least);
}

TEST(Reading, LearnsTheSideFromAPassOrAFail) {
  EXPECT_EQ(allowed_side(check_of(Outcome::pass, 12, 10)), Allowed::at_least);
  EXPECT_EQ(allowed_side(check_of(Outcome::pass, 8, 10)), Allowed::at_most);
  EXPECT_EQ(allowed_side(check_of(Outcome::fail, 12, 10)), Allowed::at_most);
  EXPECT_EQ(allowed_side(check_of(Outcome::waived, 8, 10)), Allowed::at_least);
}

TEST(Reading, TakesALimitBelowZeroForALossWhereTheOutcomeDoesNotTell) {
  EXPECT_EQ(allowed_side(check_of(Outcome::inconclusive, -0.03, -0.02)), Allowed::at_least);
  EXPECT_EQ(allowed_side(check_of(Outcome::inconclusive, 9, 10)), Allowed::at_most);
  EXPECT_EQ(allowed_side(check_of(Outcome::pass, 0, 0)), Allowed::at_most);
}

TEST(Reading, HoldsTheEndNearestTheForbiddenSideAgainstTheLimit) {
  Check check = check_of(Outcome::pass, -0.01, -0.02);
  check.interval = Interval{-0.015, 0.005};
  EXPECT_EQ(deciding_bound(check), -0.015);
  EXPECT_NEAR(room(check, *deciding_bound(check)), 0.005, 1e-12);
  check = check_of(Outcome::fail, 12, 10);
  EXPECT_EQ(deciding_bound(check), 12);
  EXPECT_EQ(room(check, 12), -2);
  check.interval = Interval{11, std::numeric_limits<double>::infinity()};
  EXPECT_FALSE(deciding_bound(check));
}

TEST(Reading, FindsTheCheckThatDecides) {
  Finding finding;
  EXPECT_EQ(deciding_check(finding), nullptr);
  finding.checks = {check_of(Outcome::pass, 1, 2), check_of(Outcome::fail, 3, 2),
                    check_of(Outcome::fail, 4, 2)};
  EXPECT_EQ(deciding_check(finding), &finding.checks[1]);
}

TEST(Reading, KnowsWhichRatiosAreDifferences) {
  Finding finding;
  finding.kind = "latency_quantile";
  finding.checks = {check_of(Outcome::pass, 0.01, 0.02)};
  finding.checks[0].unit = Unit::ratio;
  EXPECT_FALSE(is_difference(finding));
  finding.checks[0].limit = -0.02;
  EXPECT_TRUE(is_difference(finding));
  finding.checks.clear();
  finding.traits.ratios_are_differences = true;
  EXPECT_TRUE(is_difference(finding));
}

}  // namespace
}  // namespace tinyhil
