// SPDX-License-Identifier: Apache-2.0
#include "fisher_exact.hpp"

#include <gtest/gtest.h>

namespace tinyhil::stats {
namespace {

// R: fisher.test(matrix(c(3, 1, 1, 3), 2))$p.value; fisher.test(matrix(c(1, 9, 11, 3), 2))$p.value
TEST(FisherExact, GivesTheValuesOfR) {
  EXPECT_NEAR(fisher_exact_p({3, 4}, {1, 4}), 0.4857142857, 1e-10);
  EXPECT_NEAR(fisher_exact_p({1, 10}, {11, 14}), 0.002759456185, 1e-12);
}

TEST(FisherExact, SaysNothingWithoutObservationsAndOfEqualShares) {
  EXPECT_EQ(fisher_exact_p({0, 0}, {3, 9}), 1);
  EXPECT_EQ(fisher_exact_p({5, 5}, {7, 7}), 1);
  EXPECT_EQ(fisher_exact_p({0, 5}, {0, 7}), 1);
  EXPECT_NEAR(fisher_exact_p({40, 80}, {400, 800}), 1, 1e-9);
}

TEST(FisherExact, IsTinyAndNotNegativeForSharesThatHaveNothingInCommon) {
  const double p = fisher_exact_p({0, 100'000}, {1'000'000, 1'000'000});
  EXPECT_GE(p, 0);
  EXPECT_LT(p, 1e-290);
}

}  // namespace
}  // namespace tinyhil::stats
