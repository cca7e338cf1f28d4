// SPDX-License-Identifier: Apache-2.0
#include "compare.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "testing/comparison.hpp"
#include "testing/trial.hpp"

namespace tinyhil::metric {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Labels 0 1 1 0; one repeat of each vector.
Trial answers(std::vector<std::uint8_t> outputs, std::vector<std::uint32_t> ticks = {30, 30, 30, 30},
              std::vector<std::uint8_t> status = {0, 0, 0, 0}) {
  return test::trial_of(
      {{0, 1, 2, 3}, {0, 0, 0, 0}, std::move(status), std::move(ticks), {5, 5, 5, 5}, 2, std::move(outputs)});
}

Trial all_right() { return answers({9, 1, 1, 9, 1, 9, 9, 1}); }

Trial of_floats(std::vector<float> values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  Trial trial = answers(std::move(bytes));
  trial.info.output.only().dtype = DType::float32;
  trial.rows.output_size = 8;
  return trial;
}

Comparison compared(const Trial& candidate, const Trial& baseline) {
  static const VectorSet vectors = test::four_vectors();
  return compare(candidate, baseline, vectors);
}

TEST(Compare, CountsPairsByWhoWasRightOverallBySliceAndByLabel) {
  const Comparison found = compared(answers({9, 1, 9, 1, 1, 9, 1, 9}), answers({1, 9, 1, 9, 1, 9, 1, 9}));
  EXPECT_EQ(found.all, (PairCounts{1, 1, 1, 1}));
  EXPECT_EQ(found.all.n(), 4u);
  ASSERT_EQ(found.slices.size(), 1u);
  EXPECT_THAT(found.slices[0], ElementsAre(PairCounts{0, 1, 1, 1}, PairCounts{1, 0, 0, 0}, PairCounts{}));
  EXPECT_THAT(found.by_label[0], ElementsAre(PairCounts{0, 0, 1, 1}, PairCounts{0, 1, 0, 0},  // loud
                                             PairCounts{}, PairCounts{1, 0, 0, 0},            // quiet
                                             PairCounts{}, PairCounts{}));                    // silent
}

TEST(Compare, TakesACandidateWithoutAnAnswerForWrong) {
  const Comparison failed =
      compared(answers({9, 1, 0, 0, 1, 9, 9, 1}, {30, 0, 30, 30}, {0, 1, 0, 0}), all_right());
  EXPECT_EQ(failed.all, (PairCounts{3, 1, 0, 0}));
  EXPECT_EQ(failed.drift.n, 3u);
  const Comparison given_up =
      compared(answers({9, 1, 0, 0, 1, 9, 9, 1}, {30, 0, 30, 30}, {0, 4, 0, 0}), all_right());
  EXPECT_EQ(given_up.all, (PairCounts{3, 1, 0, 0}));
  const Comparison cut_short = compared(test::trial_of({{0}, {0}, {0}, {30}, {5}, 2, {9, 1}}), all_right());
  EXPECT_EQ(cut_short.all, (PairCounts{1, 3, 0, 0}));
  EXPECT_EQ(compared(test::trial_of({}), all_right()).all, (PairCounts{0, 4, 0, 0}));
}

TEST(Compare, CountsNoVectorThatTheBaselineDidNotAnswer) {
  for (const std::uint8_t status : {1, 4}) {
    const Trial baseline = answers({9, 1, 0, 0, 1, 9, 9, 1}, {30, 30, 30, 30}, {0, status, 0, 0});
    const Comparison found = compared(all_right(), baseline);
    EXPECT_EQ(found.all, (PairCounts{3, 0, 0, 0}));
    EXPECT_EQ(found.drift.n, 3u);
  }
  const Comparison alone = compared(all_right(), test::trial_of({}));
  EXPECT_EQ(alone.all.n(), 0u);
  EXPECT_THAT(alone.slices[0], ElementsAre(PairCounts{}, PairCounts{}, PairCounts{}));
  EXPECT_THAT(alone.drift.unlike, IsEmpty());
}

TEST(Compare, PairsTheFirstRepeatWhoseOutputCountsUnlessOneIsQuarantined) {
  const Trial repeated = test::trial_of({{0, 0, 1, 1, 2, 2, 3},
                                         {0, 1, 0, 1, 0, 1, 0},
                                         {0, 0, 1, 0, 0, 4, 3},
                                         {30, 99, 30, 31, 30, 30, 30},
                                         {5, 5, 5, 5, 5, 5, 5},
                                         2,
                                         {9, 1, 1, 9, 9, 1, 1, 9, 1, 9, 0, 0, 9, 1}},
                                        2);
  const Comparison found = compared(repeated, all_right());
  EXPECT_EQ(found.all, (PairCounts{3, 1, 0, 0}));
  EXPECT_THAT(found.latency.candidate, ElementsAre(ValueCount{30, 1}, ValueCount{31, 1}));
}

TEST(Compare, MeasuresDriftByEachVectorsLargestStep) {
  const Comparison found = compared(answers({9, 1, 2, 9, 9, 1, 9, 1}), answers({9, 1, 1, 9, 1, 9, 9, 1}));
  EXPECT_EQ(found.drift.n, 4u);
  EXPECT_EQ(found.drift.flipped, 1u);
  EXPECT_THAT(found.drift.largest_step, ElementsAre(ValueCount{0, 2}, ValueCount{1, 1}, ValueCount{8, 1}));
  EXPECT_EQ(found.drift.within_gap, 4u);  // all are 8 apart, and 2 * 8 could flip them
}

TEST(Compare, TellsTheLargestStepOfEachVectorWhenAsked) {
  const Trial candidate = answers({9, 1, 2, 9, 9, 1, 9, 1}, {30, 30, 30, 30}, {0, 0, 0, 1}),
              baseline = answers({9, 1, 1, 9, 1, 9, 9, 1});
  EXPECT_THAT(compared(candidate, baseline).largest_steps(), ElementsAre(0, 1, 8, Comparison::kNoStep));
}

TEST(Compare, SaysWhichVectorsTheLargestStepCouldFlip) {
  const Trial baseline = answers({10, 8, 0, 3, 7, 7, 20, 1});  // 2, 3, 0 and 19 apart
  EXPECT_EQ(compared(baseline, baseline).drift.within_gap, 1u);
  EXPECT_EQ(compared(answers({11, 8, 0, 3, 7, 7, 20, 1}), baseline).drift.within_gap, 2u);
  EXPECT_EQ(compared(answers({12, 8, 0, 3, 7, 7, 20, 1}), baseline).drift.within_gap, 3u);
}

TEST(Compare, MeasuresDriftAcrossTheWholeRangeOfAnInt8) {
  const Trial low = answers({128, 127, 128, 127, 128, 127, 128, 127});
  const Trial high = answers({127, 128, 127, 128, 127, 128, 127, 128});
  EXPECT_THAT(compared(low, high).drift.largest_step, ElementsAre(ValueCount{255, 4}));
  EXPECT_EQ(compared(low, high).drift.within_gap, 4u);
}

TEST(Compare, CountsFloatsInSteps) {
  const float next = std::nextafter(0.25f, 1.0f);
  const Comparison found = compared(of_floats({0.25f, 0, 0, 0.5f, 0, 0.5f, 0.5f, 0}),
                                    of_floats({next, -0.0f, 0, 0.5f, 0, 0.5f, 0.5f, 0}));
  EXPECT_THAT(found.drift.largest_step, ElementsAre(ValueCount{0, 3}, ValueCount{1, 1}));
  EXPECT_EQ(found.drift.flipped, 0u);
}

TEST(Compare, TakesAnOutputThatIsNoNumberForNoAnswer) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Trial whole = of_floats({1, 0, 0, 1, 0, 1, 1, 0});
  const Trial spoiled = of_floats({1, 0, nan, 1, 0, 1, 1, 0});
  EXPECT_EQ(compared(spoiled, whole).all, (PairCounts{3, 1, 0, 0}));
  EXPECT_EQ(compared(spoiled, whole).drift.n, 3u);
  EXPECT_EQ(compared(whole, spoiled).all, (PairCounts{3, 0, 0, 0}));
}

TEST(Compare, ComparesOnlyClassesWhereStepsAreUnlike) {
  Trial other = answers({1, 9, 1, 9, 1, 9, 9, 1});
  other.info.output.only().scale = 0.5f;
  const Comparison scaled = compared(other, all_right());
  EXPECT_EQ(scaled.drift.unlike,
            "other scale: 0.5 with zero point 0 for the candidate, none for the baseline");
  EXPECT_EQ(scaled.drift.n, 4u);
  EXPECT_EQ(scaled.drift.flipped, 1u);
  EXPECT_THAT(scaled.drift.largest_step, IsEmpty());
  EXPECT_EQ(scaled.drift.within_gap, 0u);
  EXPECT_EQ(scaled.all, (PairCounts{3, 1, 0, 0}));
  other.info.output = all_right().info.output;
  other.info.output.only().dtype = DType::uint8;
  EXPECT_EQ(compared(other, all_right()).drift.unlike,
            "other type: uint8 for the candidate, int8 for the baseline");
}

TEST(Compare, KnowsTheClassOfLargestElementsAndNoMore) {
  Trial top =
      test::trial_of({{0, 1, 2}, {0, 0, 0}, {0, 0, 0}, {1, 1, 1}, {1, 1, 1}, 3, {1, 0, 9, 1, 0, 9, 1, 0, 9}});
  top.info.top_k = 1;
  const Comparison found = compared(top, all_right());
  EXPECT_THAT(found.drift.unlike, HasSubstr("top-k"));
  EXPECT_EQ(found.all, (PairCounts{2, 2, 0, 0}));
  EXPECT_EQ(found.drift.flipped, 1u);
  EXPECT_THAT(found.drift.largest_step, IsEmpty());
  EXPECT_THAT(found.scores(0).candidate, IsEmpty());
}

TEST(Compare, CountsTicksOfVectorsTimedOnBothSides) {
  const Comparison found = compared(answers({9, 1, 1, 9, 1, 9, 9, 1}, {31, 28, 99, 30}, {0, 0, 2, 0}),
                                    answers({9, 1, 1, 9, 1, 9, 9, 1}, {30, 30, 30, 30}, {0, 0, 0, 3}));
  EXPECT_THAT(found.latency.change, ElementsAre(ValueCount{-2, 1}, ValueCount{1, 1}));
  EXPECT_THAT(found.latency.candidate, ElementsAre(ValueCount{28, 1}, ValueCount{31, 1}));
  EXPECT_THAT(found.latency.baseline, ElementsAre(ValueCount{30, 2}));
  EXPECT_EQ(found.latency.unlike, "");
}

TEST(Compare, SubtractsTicksFromEndToEndOfTheCounter) {
  const std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  const Comparison found = compared(answers({9, 1, 1, 9, 1, 9, 9, 1}, {0, most, 7, 7}),
                                    answers({9, 1, 1, 9, 1, 9, 9, 1}, {most, 0, 7, 7}));
  EXPECT_THAT(found.latency.change,
              ElementsAre(ValueCount{-std::int64_t{most}, 1}, ValueCount{0, 2}, ValueCount{most, 1}));
}

std::string why_no_ticks(const Trial& candidate) {
  const Comparison found = compared(candidate, all_right());
  EXPECT_THAT(found.latency.change, IsEmpty());
  EXPECT_THAT(found.latency.candidate, IsEmpty());
  EXPECT_THAT(found.latency.baseline, IsEmpty());
  return found.latency.unlike;
}

TEST(Compare, HasNoTicksWhereTheyAreUnlike) {
  Trial fast = all_right();
  fast.info.mode = RunMode::throughput;
  EXPECT_THAT(why_no_ticks(fast), HasSubstr("throughput mode"));
  Trial elsewhere = all_right();
  elsewhere.info.board.name = "m7";
  elsewhere.info.board.serial = "12";
  EXPECT_EQ(why_no_ticks(elsewhere), "other board: m7 (12) for the candidate,  () for the baseline");
  Trial slow = all_right();
  slow.info.board.clock_hz = 999;
  slow.info.board.clock = "rtc";
  EXPECT_EQ(why_no_ticks(slow),
            "other clock: rtc at 999 Hz for the candidate,  at 1000000 Hz for the baseline");
}

TEST(Compare, ReadsTheScoresOfAClassWhenAsked) {
  Trial candidate = answers({9, 1, 1, 9, 1, 9, 255, 1}, {1, 1, 1, 1}, {0, 1, 0, 0});
  candidate.info.output.only().scale = 0.5f;
  candidate.info.output.only().zero_point = 3;
  const Trial baseline = all_right();
  const VectorSet vectors = test::four_vectors();
  const ClassScores scores = compare(candidate, baseline, vectors).scores(0);
  EXPECT_THAT(scores.candidate, ElementsAre(3, -1, -2));
  EXPECT_THAT(scores.baseline, ElementsAre(9, 1, 9));
  EXPECT_THAT(scores.is_class, ElementsAre(true, false, true));
}

TEST(Compare, RefusesAModelWithAnotherNumberOfScores) {
  Trial other = all_right();
  other.info.output.only().dims = {1, 1, 1, 1};
  EXPECT_THAT(test::complaint([&] { compared(other, all_right()); }),
              HasSubstr("gives 1 scores, but there are 2 classes"));
}

}  // namespace
}  // namespace tinyhil::metric
