// SPDX-License-Identifier: Apache-2.0
#include "vector_pool.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace tinyhil::sampling {
namespace {

using testing::Each;
using testing::Ge;
using testing::Le;

constexpr auto kNothingRun = [](std::uint32_t) { return false; };

TEST(VectorPool, GivesTheFirst64PositionsToEveryBoardAndEachOtherToOne) {
  VectorPool pool(3, std::vector<bool>(1'000));
  std::vector<int> takers(1'000);
  for (int idle = 0; idle < 3;) {
    idle = 0;
    for (std::size_t board = 0; board < 3; ++board) {
      const std::optional<Portion> portion = pool.take(board, {1'000});
      idle += portion ? 0 : 1;
      for (std::uint32_t i = 0; portion && i < portion->count; ++i) ++takers[portion->first + i];
    }
  }
  EXPECT_TRUE(pool.is_done(1'000));
  EXPECT_THAT(std::vector(takers.begin(), takers.begin() + 64), Each(3));
  EXPECT_THAT(takers, Each(Ge(1)));
  const auto twice = std::count(takers.begin() + 64, takers.end(), 2);
  EXPECT_THAT(std::vector(takers.begin() + 64, takers.end()), Each(Le(2)));
  EXPECT_GT(twice, 10) << "portions begin with a position that another board has run";
}

TEST(VectorPool, EndsWithSmallPortionsSoThatNobodyWaitsLong) {
  VectorPool pool(2, std::vector<bool>(10'064));
  pool.take(0, {10'064});
  std::vector<std::uint32_t> sizes;
  while (const auto portion = pool.take(0, {10'064})) sizes.push_back(portion->count);
  EXPECT_EQ(sizes.front(), 1'250u) << "an eighth";
  EXPECT_TRUE(std::ranges::is_sorted(sizes, std::greater{}));
  EXPECT_LE(sizes.back(), 8u);
}

TEST(VectorPool, KeepsPortionsLargeWhereEachCostsTheWayOfModelsButDividesThem) {
  VectorPool pool(2, std::vector<bool>(164));
  pool.take(0, {164});
  EXPECT_EQ(pool.take(0, {164, 1'000})->count, 50u);
}

TEST(VectorPool, GivesNothingFromBehindALook) {
  VectorPool pool(1, std::vector<bool>(100));
  EXPECT_EQ(pool.take(0, {40})->count, 40u);
  EXPECT_FALSE(pool.take(0, {40}));
  EXPECT_TRUE(pool.is_done(40));
  EXPECT_EQ(pool.take(0, {66})->count, 24u);
  EXPECT_FALSE(pool.is_done(66));
  EXPECT_EQ(pool.take(0, {66})->first, 64u);
}

TEST(VectorPool, WhatABoardHasNotRunWhenItLeavesGoesToTheOthers) {
  VectorPool pool(2, std::vector<bool>(80));
  pool.take(0, {80});
  pool.take(1, {80});
  const Portion lost = *pool.take(0, {80});
  EXPECT_EQ(lost.first, 64u);
  pool.leave(0, [](std::uint32_t position) { return position == 65; });
  std::set<std::uint32_t> taken;
  while (const auto portion = pool.take(1, {80})) {
    for (std::uint32_t i = 0; i < portion->count; ++i) taken.insert(portion->first + i);
  }
  taken.erase(65);  // it was run, and may be run again to be compared
  EXPECT_EQ(taken.size(), 15u);
  EXPECT_TRUE(pool.is_done(80));
}

TEST(VectorPool, DoesNotGiveWhatIsStored) {
  std::vector<bool> stored(100);
  std::fill(stored.begin() + 70, stored.begin() + 95, true);
  VectorPool pool(1, stored);
  pool.take(0, {100});
  EXPECT_EQ(pool.take(0, {100})->count, 6u);
  EXPECT_EQ(pool.take(0, {100})->first, 95u);
  EXPECT_FALSE(pool.take(0, {100}));
}

// Whatever boards do: until the last has gone, each position is run by one that did not lose it.
TEST(VectorPool, LosesNoPositionWhateverBoardsLeaveAndWhenever) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 chance(seed);
    const std::size_t boards = 1 + chance() % 5;
    const auto count = static_cast<std::uint32_t>(chance() % 400);
    std::vector<bool> run(count);
    for (std::uint32_t at = 64; at < count; ++at) run[at] = chance() % 4 == 0;
    VectorPool pool(boards, run);
    std::map<std::size_t, std::optional<Portion>> there;
    for (std::size_t board = 0; board < boards; ++board) there[board] = std::nullopt;
    for (const std::uint64_t look : {std::uint64_t{count} / 2, std::uint64_t{count}}) {
      while (!pool.is_done(look)) {
        const auto [board, held] = *std::next(there.begin(), chance() % there.size());
        const std::uint32_t made = held ? chance() % (held->count + 1) : 0;
        for (std::uint32_t i = 0; i < made; ++i) run[held->first + i] = true;
        if (there.size() > 1 && chance() % 20 == 0) {
          pool.leave(board, [&](std::uint32_t at) { return held && at < held->first + made; });
          there.erase(board);
          continue;
        }
        for (std::uint32_t i = made; held && i < held->count; ++i) run[held->first + i] = true;
        there[board] = pool.take(board, {look});
      }
      for (auto& [board, held] : there) held.reset();
      EXPECT_TRUE(std::all_of(run.begin(), run.begin() + static_cast<std::ptrdiff_t>(look),
                              [](bool each) { return each; }))
          << "seed " << seed << " look " << look;
    }
  }
}

TEST(VectorPool, IsDoneWhenTheLastBoardThatHadSomethingHasLeftWithoutADebt) {
  VectorPool pool(2, std::vector<bool>(10));
  pool.take(0, {10});
  pool.take(1, {10});
  EXPECT_FALSE(pool.take(0, {10}));
  EXPECT_FALSE(pool.is_done(10)) << "board 1 runs them, too";
  pool.leave(1, kNothingRun);
  EXPECT_TRUE(pool.is_done(10));
}

}  // namespace
}  // namespace tinyhil::sampling
