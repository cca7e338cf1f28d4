// SPDX-License-Identifier: Apache-2.0
#include "control.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "model/inference_rows.hpp"
#include "sampling/sampling.hpp"
#include "stats/blocks.hpp"
#include "testing/trial.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::uint32_t> kAscending{0, 1, 2, 3};

// vector, repeat, status, clock, timer, output size, outputs
Trial first_run() {
  return test::trial_of({{0, 1, 2, 3},
                         {0, 0, 0, 0},
                         {0, 0, 0, 0},
                         {50, 60, 70, 80},
                         {5, 5, 5, 5},
                         2,
                         {9, 1, 1, 9, 9, 1, 1, 9}});
}

Trial second_run(InferenceRows rows) {
  Trial trial = test::trial_of(std::move(rows));
  trial.info.role = TrialRole::control;
  return trial;
}

TEST(ControlScore, PairsTheVectorsThatTheControlCameTo) {
  const ControlScore score =
      control_score(second_run({{1, 2}, {0, 0}, {0, 0}, {60, 68}, {5, 5}, 2, {1, 9, 9, 1}}), first_run(),
                    test::four_vectors(), kAscending);
  EXPECT_EQ(score.n, 2u);
  EXPECT_EQ(score.differing, 0u);
  EXPECT_EQ(score.answered_once, 0u);
  EXPECT_FALSE(score.first_unequal);
  EXPECT_EQ(score.unlike_ticks, "");
  EXPECT_THAT(score.tick_change, ElementsAre(0, -2));
  EXPECT_EQ(score.clock_hz, 1'000'000u);
}

TEST(ControlScore, CountsAnOutputWithOneOtherByteAndNamesTheFirst) {
  const ControlScore score = control_score(
      second_run({{0, 1, 2}, {0, 0, 0}, {0, 0, 0}, {50, 60, 70}, {5, 5, 5}, 2, {9, 1, 1, 8, 9, 2}}),
      first_run(), test::four_vectors(), kAscending);
  EXPECT_EQ(score.n, 3u);
  EXPECT_EQ(score.differing, 2u);
  EXPECT_EQ(score.first_unequal, 1u);
}

TEST(ControlScore, TakesTheFirstRepeatThatCounts) {
  Trial control = second_run(
      {{0, 0, 1, 1}, {0, 1, 0, 1}, {1, 0, 0, 0}, {9, 51, 60, 99}, {5, 5, 5, 5}, 2, {0, 0, 9, 1, 1, 9, 7, 7}});
  control.info.repeats = 2;
  const ControlScore score = control_score(control, first_run(), test::four_vectors(), kAscending);
  EXPECT_EQ(score.n, 2u);
  EXPECT_EQ(score.differing, 0u);
  EXPECT_THAT(score.tick_change, ElementsAre(1, 0));
}

TEST(ControlScore, CountsAVectorThatWasAnsweredOnlyOneOfTwoTimes) {
  const auto quarantined = static_cast<std::uint8_t>(RowStatus::quarantined);
  const ControlScore score =
      control_score(second_run({{0, 1}, {0, 0}, {0, quarantined}, {50, 0}, {5, 0}, 2, {9, 1, 0, 0}}),
                    first_run(), test::four_vectors(), kAscending);
  EXPECT_EQ(score.n, 1u);
  EXPECT_EQ(score.answered_once, 1u);
  EXPECT_EQ(score.first_unequal, 1u);
  EXPECT_THAT(score.tick_change, ElementsAre(0));
}

TEST(ControlScore, LeavesOutTicksThatAreNotToBeTrusted) {
  const auto suspect = static_cast<std::uint8_t>(RowStatus::clock_suspect);
  const ControlScore score =
      control_score(second_run({{0, 1}, {0, 0}, {suspect, 0}, {7, 61}, {5, 5}, 2, {9, 1, 1, 9}}), first_run(),
                    test::four_vectors(), kAscending);
  EXPECT_EQ(score.n, 2u);
  EXPECT_THAT(score.tick_change, ElementsAre(1));
}

TEST(ControlScore, SaysWhyTicksAreNotHeldAgainstEachOther) {
  Trial control = second_run({{0}, {0}, {0}, {50}, {5}, 2, {9, 1}});
  control.info.mode = RunMode::throughput;
  const ControlScore score = control_score(control, first_run(), test::four_vectors(), kAscending);
  EXPECT_EQ(score.n, 1u);
  EXPECT_THAT(score.unlike_ticks, HasSubstr("throughput mode"));
  EXPECT_THAT(score.tick_change, IsEmpty());
}

TEST(ControlScore, HasTicksInTheOrderInWhichVectorsWereRun) {
  const ControlScore score =
      control_score(second_run({{0, 1, 2, 3},
                                {0, 0, 0, 0},
                                {0, 0, 0, 0},
                                {51, 62, 73, 84},
                                {5, 5, 5, 5},
                                2,
                                {9, 1, 1, 9, 9, 1, 1, 9}}),
                    first_run(), test::four_vectors(), std::vector<std::uint32_t>{2, 0, 3, 1});
  EXPECT_THAT(score.tick_change, ElementsAre(3, 1, 4, 2));
}

// One slow wave over a run in random order; ordered by vector it looks like independent noise.
TEST(ControlScore, ShowsAWaveInTimeOfARunInRandomOrder) {
  constexpr std::uint32_t kVectors = 64;
  VectorSet vectors = test::four_vectors();
  vectors.count = kVectors;
  const std::vector<std::uint32_t> order = sampling::draw_order(DrawOrder::random, 7, vectors);
  InferenceRows rows{{},
                     std::vector<std::uint16_t>(kVectors),
                     std::vector<std::uint8_t>(kVectors),
                     std::vector<std::uint32_t>(kVectors, 1000),
                     std::vector<std::uint32_t>(kVectors, 5),
                     2,
                     std::vector<std::uint8_t>(2 * kVectors, 1)};
  for (std::uint32_t vector = 0; vector < kVectors; ++vector) rows.vector.push_back(vector);
  Trial first = test::trial_of(rows);
  for (std::uint32_t place = 0; place < kVectors; ++place)
    rows.clock[order[place]] = static_cast<std::uint32_t>(1030 + std::lround(60 * std::sin(place * 0.1)));
  Trial control = second_run(rows);
  control.info.vector_count = first.info.vector_count = kVectors;
  const auto independent = [&](std::vector<std::uint32_t> walk) {
    const ControlScore score = control_score(control, first, vectors, walk);
    return stats::effective_size(std::vector<double>(score.tick_change.begin(), score.tick_change.end()));
  };
  EXPECT_LT(independent(order), 6);
  std::vector<std::uint32_t> ascending = order;
  std::sort(ascending.begin(), ascending.end());
  EXPECT_GT(independent(ascending), 30);
}

TEST(ControlScore, IsEmptyOfAControlThatNeverAnswered) {
  const ControlScore score = control_score(second_run({}), first_run(), test::four_vectors(), kAscending);
  EXPECT_EQ(score.n, 0u);
  EXPECT_EQ(score.answered_once, 0u);
  EXPECT_THAT(score.tick_change, IsEmpty());
}

}  // namespace
}  // namespace tinyhil::metric
