// SPDX-License-Identifier: Apache-2.0
// Expected values: R qwilcox and qsignrank, and the p-value of wilcox.test(exact = TRUE).
#include "rank_distribution.hpp"

#include <gtest/gtest.h>

namespace tinyhil::stats {
namespace {

TEST(MannWhitneyRank, EqualsTheTablesOfTheStatistic) {
  EXPECT_EQ(mann_whitney_rank(10, 11, 0.025), 27u);
  EXPECT_EQ(mann_whitney_rank(8, 8, 0.025), 14u);     // the printed tables: reject at U <= 13
  EXPECT_EQ(mann_whitney_rank(5, 5, 0.05), 5u);       // at U <= 4
  EXPECT_EQ(mann_whitney_rank(20, 20, 0.025), 128u);  // at U <= 127
}

TEST(MannWhitneyRank, HasThePValueOfTheReferenceAtItsStep) {
  // U = 84 of 110 has the two-sided exact p-value 0.0429637442021343, so U <= 26 half of it.
  EXPECT_EQ(mann_whitney_rank(10, 11, 0.02148187210106716), 27u);
  EXPECT_EQ(mann_whitney_rank(10, 11, 0.02148187210106713 * (1 - 1e-9)), 26u);
}

TEST(MannWhitneyRank, DoesNotDependOnWhichSampleIsNamedFirst) {
  EXPECT_EQ(mann_whitney_rank(7, 31, 0.05), mann_whitney_rank(31, 7, 0.05));
}

TEST(MannWhitneyRank, IsNoneForTooFew) {
  EXPECT_FALSE(mann_whitney_rank(3, 2, 0.05));
  EXPECT_EQ(mann_whitney_rank(3, 3, 0.05), 1u);
  EXPECT_FALSE(mann_whitney_rank(0, 9, 0.05));
}

TEST(MannWhitneyRank, PassesSmoothlyFromCountingToTheApproximation) {
  const double counted = static_cast<double>(*mann_whitney_rank(125, 125, 0.05));
  const double approximated = static_cast<double>(*mann_whitney_rank(127, 127, 0.05));
  EXPECT_NEAR(counted / (125.0 * 125.0), approximated / (127.0 * 127.0), 0.001);
}

TEST(SignedRankRank, EqualsTheTablesOfTheStatistic) {
  EXPECT_EQ(signed_rank_rank(10, 0.025), 9u);   // the printed tables: reject at W <= 8
  EXPECT_EQ(signed_rank_rank(20, 0.025), 53u);  // at W <= 52
  EXPECT_EQ(signed_rank_rank(30, 0.05), 152u);  // at W <= 151
}

TEST(SignedRankRank, IsNoneForTooFew) {
  EXPECT_FALSE(signed_rank_rank(4, 0.05));
  EXPECT_EQ(signed_rank_rank(5, 0.05), 1u);
  EXPECT_FALSE(signed_rank_rank(0, 0.05));
}

TEST(SignedRankRank, PassesSmoothlyFromCountingToTheApproximation) {
  EXPECT_NEAR(static_cast<double>(*signed_rank_rank(100, 0.05)) / 5050,
              static_cast<double>(*signed_rank_rank(101, 0.05)) / 5151, 0.002);
}

TEST(SignedRankTail, IsTheShareOfSignsWithNoLargerSum) {
  EXPECT_DOUBLE_EQ(*signed_rank_tail(3, 0), 1.0 / 8);
  EXPECT_DOUBLE_EQ(*signed_rank_tail(3, 3), 5.0 / 8);  // {} {1} {2} {3} {1, 2}
  EXPECT_DOUBLE_EQ(*signed_rank_tail(11, 0), 1.0 / 2048);
  EXPECT_DOUBLE_EQ(*signed_rank_tail(4, 99), 1);
  EXPECT_DOUBLE_EQ(*signed_rank_tail(0, 0), 1);
  EXPECT_FALSE(signed_rank_tail(101, 0));
}

TEST(SignedRankTail, AgreesWithTheRankThatItBounds) {
  const std::uint64_t k = *signed_rank_rank(64, 0.0005);
  EXPECT_LE(*signed_rank_tail(64, k - 1), 0.0005);
  EXPECT_GT(*signed_rank_tail(64, k), 0.0005);
}

}  // namespace
}  // namespace tinyhil::stats
