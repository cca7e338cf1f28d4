// SPDX-License-Identifier: Apache-2.0
#include "result_grid.hpp"

#include <gtest/gtest.h>

#include <array>

namespace tinyhil {
namespace {

RunRequest three_vectors_twice() {
  RunRequest request;
  request.first = 10;
  request.count = 3;
  request.repeats = 2;
  request.ordinal = 500;
  request.output_size = 1;
  return request;
}

bool add(ResultGrid& grid, std::uint16_t vector, std::uint16_t repeat, std::uint8_t output) {
  thil_result result{};
  result.vector = vector;
  result.repeat = repeat;
  result.output = {&output, 1};
  return grid.add(result);
}

TEST(ResultGrid, PutsResultsInOrderHoweverTheyArrive) {
  ResultGrid grid(three_vectors_twice());
  for (const std::uint16_t vector : {12, 10, 11}) {
    for (const std::uint16_t repeat : {1, 0}) {
      EXPECT_TRUE(add(grid, vector, repeat, static_cast<std::uint8_t>(vector * 2 + repeat)));
    }
  }
  ASSERT_TRUE(grid.complete());
  const InferenceRows rows = grid.take();
  EXPECT_EQ(rows.vector, (std::vector<std::uint32_t>{500, 500, 501, 501, 502, 502}));
  EXPECT_EQ(rows.outputs, (std::vector<std::uint8_t>{20, 21, 22, 23, 24, 25}));
}

TEST(ResultGrid, KeepsTheFirstOfTwoCopies) {
  ResultGrid grid(three_vectors_twice());
  EXPECT_TRUE(add(grid, 10, 0, 1));
  EXPECT_TRUE(add(grid, 10, 0, 2));
  EXPECT_EQ(grid.missing(), 5U);
  EXPECT_EQ(grid.take().outputs[0], 1);
}

TEST(ResultGrid, RefusesWhatWasNotAskedFor) {
  ResultGrid grid(three_vectors_twice());
  EXPECT_FALSE(add(grid, 9, 0, 1));
  EXPECT_FALSE(add(grid, 13, 0, 1));
  EXPECT_FALSE(add(grid, 10, 2, 1));
  thil_result result{};
  result.vector = 10;
  const std::array<std::uint8_t, 2> two{1, 2};
  result.output = {two.data(), two.size()};
  EXPECT_FALSE(grid.add(result)) << "an output of another size";
  EXPECT_EQ(grid.missing(), 6U);
}

TEST(ResultGrid, TheRestSpansExactlyWhatIsMissing) {
  ResultGrid grid(three_vectors_twice());
  add(grid, 10, 0, 1);
  add(grid, 10, 1, 1);
  add(grid, 12, 0, 1);
  add(grid, 12, 1, 1);
  EXPECT_EQ(grid.rest().first, 11);
  EXPECT_EQ(grid.rest().count, 1);
  EXPECT_EQ(grid.first_missing(), 501U);
}

}  // namespace
}  // namespace tinyhil
