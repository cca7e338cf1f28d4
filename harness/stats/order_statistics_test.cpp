// SPDX-License-Identifier: Apache-2.0
#include "order_statistics.hpp"

#include <gtest/gtest.h>

namespace tinyhil::stats {
namespace {

TEST(UpperRank, EqualsTheReferenceRanksOfP99) {
  EXPECT_EQ(upper_rank(299, 0.99, 0.95), 299u);
  EXPECT_EQ(upper_rank(459, 0.99, 0.99), 459u);
  EXPECT_EQ(upper_rank(1000, 0.99, 0.95), 996u);
  EXPECT_EQ(upper_rank(1000, 0.99, 0.99), 998u);
  EXPECT_EQ(upper_rank(2000, 0.99, 0.95), 1988u);
  EXPECT_EQ(upper_rank(2000, 0.99, 0.99), 1991u);
  EXPECT_EQ(upper_rank(10000, 0.99, 0.95), 9917u);
  EXPECT_EQ(upper_rank(10000, 0.99, 0.99), 9923u);
}

TEST(UpperRank, DoesNotExistBelowTheFloor) {
  EXPECT_FALSE(upper_rank(298, 0.99, 0.95));
  EXPECT_FALSE(upper_rank(458, 0.99, 0.99));
  EXPECT_FALSE(upper_rank(1, 0.99, 0.95));
  EXPECT_FALSE(upper_rank(0, 0.99, 0.95));
  EXPECT_EQ(fewest_for_upper_rank(0.99, 0.95), 299u);
  EXPECT_EQ(fewest_for_upper_rank(0.99, 0.99), 459u);
  EXPECT_EQ(fewest_for_upper_rank(0.5, 0.95), 5u);
}

// Signs of the median: P(Bin(10, 1/2) <= 1) = 0.0107, <= 2: 0.0547.
TEST(LowerRank, IsTheLastWhoseBinomialTailFits) {
  EXPECT_EQ(lower_rank(10, 0.5, 0.95), 2u);
  EXPECT_EQ(upper_rank(10, 0.5, 0.95), 9u);
  EXPECT_FALSE(lower_rank(4, 0.5, 0.95));
  EXPECT_FALSE(lower_rank(0, 0.5, 0.95));
}

TEST(LowerRank, ExistsForASingleObservationOfAHighQuantile) { EXPECT_EQ(lower_rank(1, 0.99, 0.95), 1u); }

}  // namespace
}  // namespace tinyhil::stats
