// SPDX-License-Identifier: Apache-2.0
#include "more_groups.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tinyhil::stats {
namespace {

using Groups = std::vector<GroupTotal>;

TEST(MoreGroups, AreThreeByTheMarginWhenNothingBadWasSeen) {
  EXPECT_EQ(more_groups(Groups{{0, 46, 24}}, -0.06, -1, 0.05), 49u - 24u);
  EXPECT_EQ(more_groups(Groups{{0, 46, 24}}, -0.01, -1, 0.05), 299u - 24u);
}

TEST(MoreGroups, AreMoreTheMoreGroupsDiffer) {
  const auto alike = more_groups(Groups{{-1, 40, 50}}, -0.06, -1, 0.05);
  const auto unlike = more_groups(Groups{{0, 40, 45}, {-10, 40, 5}}, -0.06, -1, 0.05);
  ASSERT_TRUE(alike && unlike);
  EXPECT_LT(*alike, *unlike);
}

TEST(MoreGroups, DoNotHelpWhenTheMeanIsAtTheLimitOrBeyond) {
  EXPECT_EQ(more_groups(Groups{{-4, 40, 50}}, -0.1, -1, 0.05), std::nullopt);
  EXPECT_EQ(more_groups(Groups{}, -0.1, -1, 0.05), std::nullopt);
}

TEST(MoreGroups, IsAtLeastOne) { EXPECT_EQ(more_groups(Groups{{0, 1, 5000}}, -0.1, -1, 0.05), 1u); }

}  // namespace
}  // namespace tinyhil::stats
