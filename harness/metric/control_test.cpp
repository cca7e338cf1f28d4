// SPDX-License-Identifier: Apache-2.0
#include "control.hpp"

#include <gmock/gmock.h>

#include "test_trial.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// vector, repeat, status, clock, timer, output size, outputs
Trial first_run() {
  return trial_of({{0, 1, 2, 3},
                   {0, 0, 0, 0},
                   {0, 0, 0, 0},
                   {50, 60, 70, 80},
                   {5, 5, 5, 5},
                   2,
                   {9, 1, 1, 9, 9, 1, 1, 9}});
}

Trial second_run(InferenceRows rows) {
  Trial trial = trial_of(std::move(rows));
  trial.info.role = TrialRole::control;
  return trial;
}

TEST(ControlScore, PairsTheVectorsThatTheControlCameTo) {
  const ControlScore score = control_score(
      second_run({{1, 2}, {0, 0}, {0, 0}, {60, 68}, {5, 5}, 2, {1, 9, 9, 1}}), first_run(), four_vectors());
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
      first_run(), four_vectors());
  EXPECT_EQ(score.n, 3u);
  EXPECT_EQ(score.differing, 2u);
  EXPECT_EQ(score.first_unequal, 1u);
}

TEST(ControlScore, TakesTheFirstRepeatThatCounts) {
  Trial control = second_run(
      {{0, 0, 1, 1}, {0, 1, 0, 1}, {1, 0, 0, 0}, {9, 51, 60, 99}, {5, 5, 5, 5}, 2, {0, 0, 9, 1, 1, 9, 7, 7}});
  control.info.repeats = 2;
  const ControlScore score = control_score(control, first_run(), four_vectors());
  EXPECT_EQ(score.n, 2u);
  EXPECT_EQ(score.differing, 0u);
  EXPECT_THAT(score.tick_change, ElementsAre(1, 0));
}

TEST(ControlScore, CountsAVectorThatWasAnsweredOnlyOneOfTwoTimes) {
  const auto quarantined = static_cast<std::uint8_t>(RowStatus::quarantined);
  const ControlScore score =
      control_score(second_run({{0, 1}, {0, 0}, {0, quarantined}, {50, 0}, {5, 0}, 2, {9, 1, 0, 0}}),
                    first_run(), four_vectors());
  EXPECT_EQ(score.n, 1u);
  EXPECT_EQ(score.answered_once, 1u);
  EXPECT_EQ(score.first_unequal, 1u);
  EXPECT_THAT(score.tick_change, ElementsAre(0));
}

TEST(ControlScore, LeavesOutTicksThatAreNotToBeTrusted) {
  const auto suspect = static_cast<std::uint8_t>(RowStatus::clock_suspect);
  const ControlScore score =
      control_score(second_run({{0, 1}, {0, 0}, {suspect, 0}, {7, 61}, {5, 5}, 2, {9, 1, 1, 9}}), first_run(),
                    four_vectors());
  EXPECT_EQ(score.n, 2u);
  EXPECT_THAT(score.tick_change, ElementsAre(1));
}

TEST(ControlScore, SaysWhyTicksAreNotHeldAgainstEachOther) {
  Trial control = second_run({{0}, {0}, {0}, {50}, {5}, 2, {9, 1}});
  control.info.mode = RunMode::throughput;
  const ControlScore score = control_score(control, first_run(), four_vectors());
  EXPECT_EQ(score.n, 1u);
  EXPECT_THAT(score.unlike_ticks, HasSubstr("throughput mode"));
  EXPECT_THAT(score.tick_change, IsEmpty());
}

TEST(ControlScore, IsEmptyOfAControlThatNeverAnswered) {
  const ControlScore score = control_score(second_run({}), first_run(), four_vectors());
  EXPECT_EQ(score.n, 0u);
  EXPECT_EQ(score.answered_once, 0u);
  EXPECT_THAT(score.tick_change, IsEmpty());
}

}  // namespace
}  // namespace tinyhil
