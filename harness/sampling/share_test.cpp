// SPDX-License-Identifier: Apache-2.0
#include "share.hpp"

#include <gmock/gmock.h>

#include <numeric>

namespace tinyhil::sampling {
namespace {

using testing::ElementsAre;

TEST(Share, GivesEachPlaceToOneBoardAndCommonOnesToAll) {
  for (std::uint64_t place = 0; place < 1000; ++place) {
    int takers = 0;
    for (std::size_t board = 0; board < 3; ++board) takers += Share{board, 3}.has(place) ? 1 : 0;
    EXPECT_EQ(takers, is_common(place) ? 3 : 1) << place;
  }
  EXPECT_TRUE(is_common(0));
  EXPECT_TRUE(is_common(63));
  EXPECT_TRUE(is_common(64));
  EXPECT_FALSE(is_common(65));
  EXPECT_TRUE(is_common(128));
}

TEST(Share, OfOneBoardIsEverything) {
  EXPECT_EQ((Share{0, 1}.before(1236)), 1236u);
  EXPECT_THAT((Share{0, 1}.of({2, 0, 1})), ElementsAre(2, 0, 1));
}

TEST(Share, KeepsTheOrder) {
  std::vector<std::uint32_t> order(70);
  std::iota(order.rbegin(), order.rend(), 0u);  // 69, 68, ...
  const std::vector<std::uint32_t> part = Share{1, 2}.of(order);
  EXPECT_EQ(part.size(), (Share{1, 2}.before(70)));
  EXPECT_EQ(part.front(), 69u);
  EXPECT_THAT(std::vector(part.end() - 3, part.end()), ElementsAre(4, 2, 0));  // places 65, 67, 69
}

}  // namespace
}  // namespace tinyhil::sampling
