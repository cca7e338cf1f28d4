// SPDX-License-Identifier: Apache-2.0
#include "variance_components.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tinyhil::stats {
namespace {

std::vector<GroupMoments> moments(const std::vector<std::vector<double>>& groups) {
  std::vector<GroupMoments> each;
  for (const std::vector<double>& group : groups) each.push_back(moments_of(group));
  return each;
}

// By hand: means 2, 4, 9 about 5, mean square between 39, within 1, n0 3.
TEST(VarianceComponents, AreThoseOfTheAnalysisOfVariance) {
  const auto found = one_way(moments({{1, 2, 3}, {3, 4, 5}, {8, 9, 10}}));
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->within, 1);
  EXPECT_DOUBLE_EQ(found->between, 38.0 / 3);
  EXPECT_DOUBLE_EQ(found->f, 39);
  EXPECT_NEAR(found->icc, 38.0 / 41, 1e-12);
  EXPECT_NEAR(found->p, 0.000364, 1e-6);
}

TEST(VarianceComponents, BetweenGroupsThatDifferLessThanChanceAreZero) {
  const auto found = one_way(moments({{1, 5}, {5, 1}}));
  EXPECT_EQ(found->between, 0);
  EXPECT_EQ(found->icc, 0);
  EXPECT_EQ(found->p, 1);
  EXPECT_GT(found->within, 0);
}

TEST(VarianceComponents, OfGroupsThatAreConstantAreAllBetweenThem) {
  const auto found = one_way(moments({{5, 5, 5}, {7, 7}}));
  EXPECT_EQ(found->within, 0);
  EXPECT_EQ(found->icc, 1);
  EXPECT_TRUE(std::isinf(found->f));
  EXPECT_EQ(found->p, 0);
  EXPECT_EQ(one_way(moments({{5, 5}, {5, 5}}))->icc, 0) << "nothing spreads";
}

TEST(VarianceComponents, NeedTwoGroupsAndMoreValuesThanGroups) {
  EXPECT_FALSE(one_way(moments({})));
  EXPECT_FALSE(one_way(moments({{1, 2, 3}, {}})));
  EXPECT_FALSE(one_way(moments({{1}, {2}})));
  EXPECT_TRUE(one_way(moments({{1}, {2, 3}, {}})));
}

}  // namespace
}  // namespace tinyhil::stats
