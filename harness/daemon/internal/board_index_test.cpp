// SPDX-License-Identifier: Apache-2.0
// The index beside Selector::matches, which looks at one board at a time.
#include "board_index.hpp"

#include <gtest/gtest.h>

#include "testing/random_farm.hpp"

namespace tinyhil::daemon {
namespace {

TEST(BoardIndex, FindsTheBoardsThatASelectorMatches) {
  std::size_t matched = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const Farm farm = test::random_farm(seed).farm;
    const BoardIndex boards(farm.boards);
    for (const LeaseRequest& request : farm.waiting) {
      const BoardSet found = boards.matching(request.selector);
      for (std::size_t i = 0; i < boards.size(); ++i) {
        ASSERT_EQ(found.has(i), request.selector.matches(boards[i].labels)) << request.selector.text();
        ++(found.has(i) ? matched : refused);
      }
    }
  }
  EXPECT_GT(matched, 1000u);
  EXPECT_GT(refused, 1000u);
}

TEST(BoardIndex, NumbersBoardsByTheirNames) {
  const std::vector<BoardEntry> entries = {board_entry("b"), board_entry("c"), board_entry("a")};
  const BoardIndex boards(entries);
  EXPECT_EQ(boards[0].name, "a");
  EXPECT_EQ(boards[2].name, "c");
  EXPECT_TRUE(boards.matching(Selector::parse("board=b")).has(1));
}

TEST(BoardSet, VisitsWhatTwoSetsHaveInCommon) {
  BoardSet a(130), b(130);
  for (const std::size_t board : {0, 63, 64, 129}) a.add(board);
  for (const std::size_t board : {1, 63, 129}) b.add(board);
  std::vector<std::size_t> common;
  a.for_each_common(b, [&](std::size_t board) { common.push_back(board); });
  EXPECT_EQ(common, (std::vector<std::size_t>{63, 129}));
  EXPECT_TRUE(a.meets(b));
  a -= b;
  EXPECT_FALSE(a.meets(b));
  EXPECT_EQ(a.size(), 2u);
  a &= b;
  EXPECT_TRUE(a.empty());
}

}  // namespace
}  // namespace tinyhil::daemon
