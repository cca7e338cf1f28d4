// SPDX-License-Identifier: Apache-2.0
#include "sample_size.hpp"

#include <gtest/gtest.h>

namespace tinyhil::stats {
namespace {

// (1.6449 + 1.2816)^2 * 0.03 / 0.01^2 = 2569.2.
TEST(MoreVectors, FollowsTheFormulaAtEqualAccuracy) {
  EXPECT_EQ(more_vectors(Pairs{3, 3, 200}, 0.01, 0.05), 2570u - 200u);
  EXPECT_EQ(more_vectors(Pairs{10, 10, 200}, 0.02, 0.05), 2141u - 200u);
}

TEST(MoreVectors, ReachesTheRuleOfThreeWithoutDisagreement) {
  EXPECT_EQ(more_vectors(Pairs{0, 0, 200}, 0.01, 0.05), 99u);
}

TEST(MoreVectors, AreOfNoUseWhenTheDifferenceSeenIsBeyondTheMargin) {
  EXPECT_FALSE(more_vectors(Pairs{6, 2, 200}, 0.02, 0.05));
  EXPECT_FALSE(more_vectors(Pairs{8, 2, 200}, 0.02, 0.05));
  EXPECT_FALSE(more_vectors(Pairs{0, 0, 0}, 0.02, 0.05));
}

TEST(MoreVectors, WouldMakeTheVeryTablePassWhenItKeepsItsRates) {
  const Pairs undecided{9, 6, 300};
  ASSERT_GE(p_not_worse(undecided, 0.02), 0.05);
  const auto more = more_vectors(undecided, 0.02, 0.05);
  ASSERT_TRUE(more);
  EXPECT_LT(p_not_worse(undecided.scaled((300.0 + static_cast<double>(*more)) / 300), 0.02), 0.05);
}

// What groups are worth is no whole number; the search stepped below such an n for ever.
TEST(MoreVectors, AreFoundForAnyFractionOfAVector) {
  for (double n = 0.05; n < 12; n += 0.05) {
    for (const double margin : {0.05, 0.3, 0.6}) {
      const auto more = more_vectors(Pairs{0, 0, n}, margin, 0.05);
      ASSERT_TRUE(more) << n << ' ' << margin;
      EXPECT_LT(*more, 60u);
    }
  }
}

// (1.6449 + 1.2816)^2 * 0.99 * 0.01 / 0.005^2 = 3391.3.
TEST(MoreVectorsForAQuantile, ComeFromTheShareWithinTheLimit) {
  EXPECT_EQ(more_vectors_for_quantile(1000, 0.995, 0.99, 0.05), 2392u);
  EXPECT_FALSE(more_vectors_for_quantile(1000, 0.98, 0.99, 0.05));
}

TEST(MoreVectorsForBound, ShrinksTheWidthWithTheRootOfN) {
  // ((1.644854 + 1.281552) / 1.644854)^2 = 3.165274; twice the width of the slack takes four times as many
  EXPECT_EQ(more_vectors_for_bound(1000, 0.02, 0.01, 0.05), 11662u);
  EXPECT_EQ(more_vectors_for_bound(1000, 0.01, 0.01, 0.05), 2166u);
}

TEST(MoreVectorsForBound, IsAtLeastOne) { EXPECT_EQ(more_vectors_for_bound(1000, 0.0, 0.01, 0.05), 1u); }

TEST(MoreVectorsForBound, KnowsWhenNoNumberHelps) {
  EXPECT_FALSE(more_vectors_for_bound(1000, 0.02, 0.0, 0.05));
  EXPECT_FALSE(more_vectors_for_bound(1000, 0.02, -0.01, 0.05));
  EXPECT_FALSE(more_vectors_for_bound(0, 1, 0.01, 0.05));
}

}  // namespace
}  // namespace tinyhil::stats
