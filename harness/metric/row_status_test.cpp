// SPDX-License-Identifier: Apache-2.0
// Rows that count for some things only: disturbed, quarantined, or holding the largest elements alone.
#include <gmock/gmock.h>

#include "testing/trial.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Score, CountsADisturbedRowForAccuracyButNotForLatency) {
  const Scorecard card =
      score(test::trial_of({{0, 1, 2}, {0, 0, 0}, {0, 3, 3}, {30, 99, 10}, {5, 5, 5}, 2, {9, 1, 1, 9, 1, 9}}),
            test::four_vectors(), "shipped");
  EXPECT_EQ(card.accuracy.n, 3u);
  EXPECT_EQ(card.inferences, 3u);
  EXPECT_EQ(card.golden->compared, 3u);
  EXPECT_THAT(card.latency.sorted, ElementsAre(30));
  EXPECT_EQ(card.latency.disturbed, 2u);
  EXPECT_EQ(card.latency.suspect, 0u);
}

TEST(Score, HasNoLatencyInThroughputMode) {
  Trial trial = test::trial_of({{0}, {0}, {0}, {30}, {5}, 2, {9, 1}});
  trial.info.mode = RunMode::throughput;
  const Scorecard card = score(trial, test::four_vectors(), test::kNoGolden);
  EXPECT_THAT(card.latency.sorted, ElementsAre());
  EXPECT_EQ(card.latency.steps_per_base, 1'000'000u);
  EXPECT_EQ(card.accuracy.n, 1u);
}

// Vector 1 was given up, on its second repeat.
Trial quarantined_trial() {
  return test::trial_of({{0, 0, 1, 1, 2},
                         {0, 1, 0, 1, 0},
                         {0, 0, 0, 4, 4},
                         {30, 30, 40, 0, 0},
                         {5, 5, 5, 0, 0},
                         2,
                         {9, 1, 9, 1, 1, 9, 0, 0, 0, 0}},
                        2);
}

TEST(Score, TakesAQuarantinedVectorForAWrongAnswer) {
  const Scorecard card = score(quarantined_trial(), test::four_vectors(), test::kNoGolden);
  EXPECT_THAT(card.answers,
              ElementsAre(Answer::given, Answer::quarantined, Answer::quarantined, Answer::missing));
  EXPECT_THAT(card.predicted, ElementsAre(0, test::kNoClass, test::kNoClass, test::kNoClass));
  EXPECT_THAT(card.scores, ElementsAre(1, 0, 0, 0));
  EXPECT_THAT(card.quarantined, ElementsAre(1, 2));
  EXPECT_EQ(card.quarantined_inferences, 2u);
  EXPECT_EQ(card.inferences, 3u);
  EXPECT_EQ(card.failed_inferences, 0u);
  EXPECT_EQ(card.rows(), 5u);
  EXPECT_EQ(card.accuracy.successes, 1u);
  EXPECT_EQ(card.accuracy.n, 3u);
  EXPECT_THAT(card.confusion, ElementsAre(1, 0, 0, 0));
  EXPECT_EQ(card.slices[1].accuracy.n, 1u);  // quiet: vector 2
  EXPECT_EQ(card.slices[1].accuracy.successes, 0u);
}

TEST(Score, ComparesAndTimesNoQuarantinedRow) {
  VectorSet vectors = test::four_vectors();
  vectors.golden["shipped"] = {2, {9, 1, 1, 9, 0, 0, 9, 1}};  // as a quarantined row's output
  const Scorecard card = score(quarantined_trial(), vectors, "shipped");
  EXPECT_EQ(card.golden->compared, 3u);
  EXPECT_THAT(card.latency.sorted, ElementsAre(30, 30, 40));
  EXPECT_EQ(card.nondeterministic, 0u);
}

TEST(Score, CarriesTheFaultsThatTheTrialOutlived) {
  Trial trial = test::trial_of({{0}, {0}, {0}, {30}, {5}, 2, {9, 1}});
  trial.survived = {{{FaultKind::reset, "it crashed", ""}, VectorNumber{3}, true}};
  EXPECT_EQ(score(trial, test::four_vectors(), test::kNoGolden).survived.at(0).vector, VectorNumber{3});
}

// Each row the largest of two scores.
Trial top_1_trial(std::vector<std::uint8_t> outputs) {
  Trial trial =
      test::trial_of({{0, 1, 2}, {0, 0, 0}, {0, 0, 0}, {5, 5, 5}, {5, 5, 5}, 3, std::move(outputs)});
  trial.info.top_k = 1;
  return trial;
}

TEST(Score, TakesTheFirstEntryOfTheLargestAsTheClass) {
  const Scorecard card = score(top_1_trial({0, 0, 9, 1, 0, 9, 0, 0, 7}), test::four_vectors(), "shipped");
  EXPECT_THAT(card.predicted, ElementsAre(0, 1, 0, test::kNoClass));
  EXPECT_THAT(card.confusion, ElementsAre(1, 0, 1, 1));
  EXPECT_EQ(card.golden->compared, 3u);
  EXPECT_EQ(card.golden->differing, 1u);  // 7 at element 0 for the golden 1 9: element 1 is at most 7
  EXPECT_EQ(card.golden->first->vector, 2u);
  EXPECT_EQ(card.golden->max_lsb, 6);
}

TEST(Score, CountsLargestElementsThatMakeNoSenseAsAFailedInference) {
  const Scorecard card =
      score(top_1_trial({0, 0, 9, 2, 0, 9, 0, 1, 7}), test::four_vectors(), test::kNoGolden);
  EXPECT_EQ(card.inferences, 1u);
  EXPECT_EQ(card.failed_inferences, 2u);
}

TEST(Score, RefusesMoreLargestElementsThanThereAre) {
  Trial trial = test::trial_of({{0}, {0}, {0}, {5}, {5}, 9, {0, 0, 3, 1, 0, 2, 1, 0, 1}});
  trial.info.top_k = 3;
  EXPECT_THAT(test::complaint([&] { score(trial, test::four_vectors(), test::kNoGolden); }),
              HasSubstr("the model gives the 3 largest elements of 1x2 int8"));
  trial.info.top_k = 1;
  EXPECT_THAT(test::complaint([&] { score(trial, test::four_vectors(), test::kNoGolden); }),
              HasSubstr("outputs of 9 bytes are stored"));
}

TEST(Score, CountsTheRightRepeatsOfEachVector) {
  // Labels 0 1 1 0: vector 0 right twice, 1 once, 2 never, 3 once because its second invoke failed.
  const Trial trial = test::trial_of({{0, 0, 1, 1, 2, 2, 3, 3},
                                      {0, 1, 0, 1, 0, 1, 0, 1},
                                      {0, 0, 0, 0, 0, 0, 0, 1},
                                      {5, 5, 5, 5, 5, 5, 5, 5},
                                      {5, 5, 5, 5, 5, 5, 5, 5},
                                      2,
                                      {9, 1, 9, 1, 1, 9, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1}},
                                     2);
  const Scorecard card = score(trial, test::four_vectors(), test::kNoGolden);
  EXPECT_EQ(card.by_right_repeats, (std::vector<std::uint64_t>{1, 2, 1}));
  EXPECT_EQ(card.right_repeats, (std::vector<std::uint16_t>{2, 1, 0, 1}));
}

TEST(Score, KeepsTheFirstTrustedTicksOfEachVector) {
  // 2: the clock is suspect, as when it rolled over; 1: the invoke failed.
  const Trial trial = test::trial_of({{0, 0, 1, 1, 2, 2, 3, 3},
                                      {0, 1, 0, 1, 0, 1, 0, 1},
                                      {0, 0, 2, 0, 2, 2, 0, 1},
                                      {50, 60, 70, 80, 90, 91, 92, 93},
                                      {50, 60, 70, 80, 90, 91, 92, 93},
                                      2,
                                      {9, 1, 9, 1, 1, 9, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1}},
                                     2);
  EXPECT_EQ(score(trial, test::four_vectors(), test::kNoGolden).latency.by_vector,
            (std::vector<std::uint32_t>{50, 80, 0, 92}));
}

}  // namespace
}  // namespace tinyhil::metric
