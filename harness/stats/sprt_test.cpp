// SPDX-License-Identifier: Apache-2.0
#include "sprt.hpp"

#include <gtest/gtest.h>

namespace tinyhil::stats {
namespace {

TEST(Sprt, HasTheStepsAndBoundsOfTheWorkedExample) {
  const Sprt test = sprt(0.01, 0.03, 0.05, 0.1);  // theta0 = 1/3
  EXPECT_NEAR(test.when_gained, 0.405465, 1e-6);
  EXPECT_NEAR(test.when_lost, -0.287682, 1e-6);
  EXPECT_NEAR(test.accept, 2.890372, 1e-6);
  EXPECT_NEAR(test.reject, -2.251292, 1e-6);
}

TEST(Sprt, CountsOnlyDisagreements) {
  const Sprt test = sprt(0.01, 0.03, 0.05, 0.1);
  EXPECT_EQ(test.ratio({0, 0, 1e6}), 0);
  EXPECT_GE(test.ratio({2, 9, 300}), test.accept);
  EXPECT_LE(test.ratio({8, 0, 300}), test.reject);
}

TEST(Sprt, HoldsForNoMoreDisagreementsThanItWasTold) {
  const Sprt test = sprt(0.01, 0.03, 0.05, 0.1);
  EXPECT_TRUE(test.holds_for({7, 7, 300})) << "9 expected, standard error 2.95";
  EXPECT_FALSE(test.holds_for({7, 8, 300}));
}

}  // namespace
}  // namespace tinyhil::stats
