// SPDX-License-Identifier: Apache-2.0
#include "inference_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// As an older tinyhil stored them: nothing of their origin is known.
InferenceRows old_rows() {
  InferenceRows rows{{10, 11, 12}, {0, 1, 2}, {0, 2, 0}, {100, 110, 120}, {1, 2, 3}, 2, {1, 2, 3, 4, 5, 6}};
  return rows;
}

InferenceRows new_rows() {
  InferenceRows rows = old_rows();
  rows.device_run = {7, 7, 8};
  rows.run_index = {0, 3, 0};
  rows.received_us = {1'000, 1'001, 1'002};
  return rows;
}

TEST(InferenceRows, HaveNoTwoColumnsOfOneName) {
  std::set<std::string> names;
  for_each_row_column(
      [&](const auto& column) { EXPECT_TRUE(names.insert(column.name).second) << column.name; });
}

TEST(InferenceRows, AreRectangularWithAndWithoutWhatMayBeMissing) {
  EXPECT_TRUE(old_rows().is_rectangular());
  EXPECT_TRUE(new_rows().is_rectangular());
  InferenceRows short_column = new_rows();
  short_column.received_us.pop_back();
  EXPECT_FALSE(short_column.is_rectangular());
  InferenceRows short_outputs = old_rows();
  short_outputs.outputs.pop_back();
  EXPECT_FALSE(short_outputs.is_rectangular());
}

TEST(InferenceRows, AppendTakesEveryColumnOfTheChosenRows) {
  InferenceRows rows;
  rows.append(new_rows(), std::vector<std::size_t>{2, 0});
  EXPECT_THAT(rows.vector, ElementsAre(12, 10));
  EXPECT_THAT(rows.repeat, ElementsAre(2, 0));
  EXPECT_THAT(rows.status, ElementsAre(0, 0));
  EXPECT_THAT(rows.clock, ElementsAre(120, 100));
  EXPECT_THAT(rows.timer, ElementsAre(3, 1));
  EXPECT_THAT(rows.outputs, ElementsAre(5, 6, 1, 2));
  EXPECT_THAT(rows.device_run, ElementsAre(8, 7));
  EXPECT_THAT(rows.run_index, ElementsAre(0, 0));
  EXPECT_THAT(rows.received_us, ElementsAre(1'002, 1'000));
  EXPECT_TRUE(rows.is_rectangular());
}

TEST(InferenceRows, ValuesThatAreNotKnownAreMissingAndNotZero) {
  InferenceRows rows;
  rows.append(old_rows(), std::vector<std::size_t>{0});
  EXPECT_THAT(rows.received_us, IsEmpty());
  rows.append(new_rows(), std::vector<std::size_t>{1});
  rows.append(old_rows(), std::vector<std::size_t>{2});
  EXPECT_THAT(rows.device_run, ElementsAre(UINT32_MAX, 7, UINT32_MAX));
  EXPECT_THAT(rows.run_index, ElementsAre(UINT32_MAX, 3, UINT32_MAX));
  EXPECT_THAT(rows.received_us, ElementsAre(INT64_MIN, 1'001, INT64_MIN));
  EXPECT_TRUE(rows.is_rectangular());
}

TEST(InferenceRows, NewRowsAreZeroAndTheirOriginIsMissing) {
  InferenceRows rows = old_rows();
  EXPECT_EQ(rows.add_row(), 3U);
  EXPECT_EQ(rows.clock.back(), 0U);
  EXPECT_THAT(rows.outputs, ElementsAre(1, 2, 3, 4, 5, 6, 0, 0));
  EXPECT_THAT(rows.received_us, ElementsAre(INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN));
  rows.resize(2);
  EXPECT_THAT(rows.vector, ElementsAre(10, 11));
  EXPECT_THAT(rows.outputs, ElementsAre(1, 2, 3, 4));
  EXPECT_TRUE(rows.is_rectangular());
}

TEST(InferenceRows, PermuteMovesWholeRows) {
  InferenceRows rows = new_rows();
  rows.permute(std::vector<std::size_t>{1, 2, 0});
  EXPECT_THAT(rows.vector, ElementsAre(11, 12, 10));
  EXPECT_THAT(rows.outputs, ElementsAre(3, 4, 5, 6, 1, 2));
  EXPECT_THAT(rows.device_run, ElementsAre(7, 8, 7));
  InferenceRows old = old_rows();
  old.permute(std::vector<std::size_t>{2, 1, 0});
  EXPECT_THAT(old.device_run, IsEmpty());
}

TEST(InferenceRows, CopyOneRowAndLeaveTheOthers) {
  InferenceRows rows = old_rows();
  rows.copy_row(0, new_rows(), 2);
  EXPECT_THAT(rows.vector, ElementsAre(12, 11, 12));
  EXPECT_THAT(rows.outputs, ElementsAre(5, 6, 3, 4, 5, 6));
  EXPECT_THAT(rows.run_index, ElementsAre(0, UINT32_MAX, UINT32_MAX));
}

TEST(InferenceRows, APartIsTheRowsInBetween) {
  const InferenceRows part = new_rows().part(1, 2);
  EXPECT_THAT(part.vector, ElementsAre(11, 12));
  EXPECT_THAT(part.outputs, ElementsAre(3, 4, 5, 6));
  EXPECT_THAT(part.run_index, ElementsAre(3, 0));
}

}  // namespace
}  // namespace tinyhil
