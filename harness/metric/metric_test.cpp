// SPDX-License-Identifier: Apache-2.0
#include "metric.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "testing/trial.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Score, TakesTheLargestScoreAsTheClass) {
  const Scorecard card = score(test::trial_of({{0, 1, 2, 3},
                                               {0, 0, 0, 0},
                                               {0, 0, 0, 0},
                                               {5, 5, 5, 5},
                                               {5, 5, 5, 5},
                                               2,
                                               {9, 1, 1, 9, 9, 1, 1, 9}}),
                               test::four_vectors(), test::kNoGolden);
  EXPECT_THAT(card.predicted, ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(card.scores, ElementsAre(1, 1, 0, 0));  // labels 0 1 1 0
  EXPECT_THAT(card.classes, ElementsAre("no", "yes"));
  EXPECT_THAT(card.confusion, ElementsAre(1, 1, 1, 1));
  EXPECT_EQ(card.accuracy.successes, 2u);
  EXPECT_EQ(card.accuracy.n, 4u);
  EXPECT_NEAR(card.accuracy.interval.low, 0.0675859, 1e-6);  // Clopper-Pearson of 2 in 4
  EXPECT_EQ(card.inferences, 4u);
  EXPECT_FALSE(card.golden);
}

TEST(Score, LeavesVectorsWithoutAnAnswerOutOfEveryCount) {
  const Scorecard card = score(test::trial_of({{0, 2}, {0, 0}, {0, 1}, {5, 5}, {5, 5}, 2, {9, 1, 1, 9}}),
                               test::four_vectors(), test::kNoGolden);
  EXPECT_THAT(card.predicted, ElementsAre(0, test::kNoClass, test::kNoClass, test::kNoClass));
  EXPECT_THAT(card.answers, ElementsAre(Answer::given, Answer::missing, Answer::missing, Answer::missing));
  EXPECT_THAT(card.confusion, ElementsAre(1, 0, 0, 0));
  EXPECT_EQ(card.accuracy.successes, 1u);
  EXPECT_EQ(card.accuracy.n, 1u);
  EXPECT_EQ(card.inferences, 1u);
  EXPECT_EQ(card.failed_inferences, 1u);
}

TEST(Score, CountsEachValueOfEachSliceEvenWithoutVectors) {
  const Scorecard card = score(test::trial_of({{0, 1, 2, 3},
                                               {0, 0, 0, 0},
                                               {0, 0, 0, 0},
                                               {5, 5, 5, 5},
                                               {5, 5, 5, 5},
                                               2,
                                               {9, 1, 9, 1, 1, 9, 9, 1}}),
                               test::four_vectors(), test::kNoGolden);
  ASSERT_EQ(card.slices.size(), 3u);
  EXPECT_EQ(card.slices[0].slice, "noise");
  EXPECT_EQ(card.slices[0].value, "loud");
  EXPECT_EQ(card.slices[0].accuracy.successes, 2u);
  EXPECT_EQ(card.slices[0].accuracy.n, 3u);
  EXPECT_EQ(card.slices[1].accuracy.successes, 1u);
  EXPECT_EQ(card.slices[1].accuracy.n, 1u);
  EXPECT_EQ(card.slices[2].value, "silent");
  EXPECT_EQ(card.slices[2].accuracy.n, 0u);
}

TEST(Score, UsesTheFirstRepeatThatHasAnAnswer) {
  const Scorecard card =
      score(test::trial_of({{1, 1, 1}, {0, 1, 2}, {1, 0, 0}, {5, 5, 5}, {5, 5, 5}, 2, {9, 1, 1, 9, 9, 1}}, 3),
            test::four_vectors(), test::kNoGolden);
  EXPECT_EQ(card.predicted[1], 1);
  EXPECT_EQ(card.accuracy.n, 1u);
}

TEST(Score, CountsASuspectClockForAccuracyButNotForLatency) {
  const Scorecard card =
      score(test::trial_of({{0, 1, 2}, {0, 0, 0}, {0, 2, 0}, {30, 99, 10}, {5, 5, 5}, 2, {9, 1, 1, 9, 1, 9}}),
            test::four_vectors(), test::kNoGolden);
  EXPECT_EQ(card.accuracy.n, 3u);
  EXPECT_EQ(card.inferences, 3u);
  EXPECT_THAT(card.latency.sorted, ElementsAre(10, 30));
  EXPECT_EQ(card.latency.suspect, 1u);
  EXPECT_EQ(card.latency.steps_per_base, 1'000'000u);
}

TEST(Score, KeepsWhatASuspectClockAndTheTimerSaid) {
  Trial trial =
      test::trial_of({{0, 1, 2}, {0, 0, 0}, {0, 2, 2}, {30, 99, 10}, {5, 5, 5}, 2, {9, 1, 1, 9, 1, 9}});
  trial.rows.timer = {0, 33, 10};
  trial.info.board.timer_hz = 1'000'000;
  const Scorecard card = score(trial, test::four_vectors(), test::kNoGolden);
  EXPECT_EQ(card.latency.suspect, 2u);
  EXPECT_EQ(card.latency.suspicion(), "the clock says 99.0 us, the second timer 33.0 us, ratio 3");
}

TEST(Score, HasNoLatencyOnABoardWithoutAClock) {
  Trial trial = test::trial_of({{0}, {0}, {0}, {30}, {5}, 2, {9, 1}});
  trial.info.board.clock_hz = 0;
  EXPECT_THAT(score(trial, test::four_vectors(), test::kNoGolden).latency.sorted, ElementsAre());
}

TEST(Score, CallsLatencyRepeatableOnlyWhenEveryVectorShowedIt) {
  const auto repeatable = [](std::vector<std::uint8_t> status, std::vector<std::uint32_t> ticks) {
    return score(
               test::trial_of(
                   {{0, 0, 1, 1}, {0, 1, 0, 1}, status, ticks, {5, 5, 5, 5}, 2, {9, 1, 9, 1, 9, 1, 9, 1}}, 2),
               test::four_vectors(), test::kNoGolden)
        .latency.repeatable;
  };
  EXPECT_TRUE(repeatable({0, 0, 0, 0}, {10, 10, 12, 12}));
  EXPECT_FALSE(repeatable({0, 0, 0, 0}, {10, 10, 12, 13}));
  EXPECT_FALSE(repeatable({0, 0, 0, 2}, {10, 10, 12, 12}));
}

TEST(Score, DoesNotCallASingleRepeatRepeatable) {
  EXPECT_FALSE(score(test::trial_of({{0, 1}, {0, 0}, {0, 0}, {7, 7}, {5, 5}, 2, {9, 1, 9, 1}}),
                     test::four_vectors(), test::kNoGolden)
                   .latency.repeatable);
}

TEST(Score, FindsVectorsWhoseRepeatsDiffer) {
  const Scorecard card = score(test::trial_of({{0, 0, 1, 1, 2, 2},
                                               {0, 1, 0, 1, 0, 1},
                                               {0, 0, 0, 0, 0, 1},
                                               {5, 5, 5, 5, 5, 5},
                                               {5, 5, 5, 5, 5, 5},
                                               2,
                                               {9, 1, 9, 2, 1, 9, 1, 9, 1, 9, 0, 0}},
                                              2),
                               test::four_vectors(), test::kNoGolden);
  EXPECT_EQ(card.nondeterministic, 1u);
}

TEST(Score, ComparesEveryAnswerWithItsGoldenOutput) {
  const Scorecard card = score(test::trial_of({{0, 1, 2, 3},
                                               {0, 0, 0, 0},
                                               {0, 0, 0, 1},
                                               {5, 5, 5, 5},
                                               {5, 5, 5, 5},
                                               2,
                                               {9, 1, 1, 8, 4, 9, 0, 0}}),
                               test::four_vectors(), "shipped");
  ASSERT_TRUE(card.golden);
  EXPECT_EQ(card.golden->compared, 3u);
  EXPECT_EQ(card.golden->differing, 2u);
  EXPECT_EQ(card.golden->max_lsb, 3);
  EXPECT_EQ(card.golden->by_lsb.at(0), 1u);
  EXPECT_EQ(card.golden->beyond(0), 2u);
  EXPECT_EQ(card.golden->beyond(2), 1u);
  EXPECT_EQ(card.golden->beyond(3), 0u);
  ASSERT_TRUE(card.golden->first);
  EXPECT_EQ(card.golden->first->vector, 1u);
  EXPECT_EQ(card.golden->first->element, 1u);
  EXPECT_EQ(card.golden->first->expected, 9);
  EXPECT_EQ(card.golden->first->got, 8);
  const std::optional<GoldenMismatch> beyond = card.golden->first_beyond(2);
  ASSERT_TRUE(beyond);
  EXPECT_EQ(beyond->vector, 2u);
  EXPECT_EQ(std::abs(beyond->got - beyond->expected), 3);
  EXPECT_FALSE(card.golden->first_beyond(3));
}

TEST(Score, CountsAnOutputThatIsNoNumberAsAFailedInference) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float scores[] = {nan, 1, 0, 1};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(scores);
  Trial trial = test::trial_of({{0, 1}, {0, 0}, {0, 0}, {5, 5}, {5, 5}, 8, {bytes, bytes + sizeof scores}});
  trial.info.output.only().dtype = DType::float32;

  const Scorecard card = score(trial, test::four_vectors(), test::kNoGolden);
  EXPECT_EQ(card.failed_inferences, 1u);
  EXPECT_EQ(card.inferences, 1u);
  EXPECT_THAT(card.predicted, ElementsAre(test::kNoClass, 1, test::kNoClass, test::kNoClass));
}

TEST(Score, CarriesTheFaultOfATrialThatNeverStarted) {
  Trial trial = test::trial_of({});
  trial.state = TrialState::faulted;
  trial.fault = Fault{FaultKind::timeout, "no hello", ""};
  trial.info.output = Tensor{};
  const Scorecard card = score(trial, test::four_vectors(), test::kNoGolden);
  EXPECT_EQ(card.state, TrialState::faulted);
  EXPECT_EQ(card.fault->what, "no hello");
  EXPECT_EQ(card.accuracy.n, 0u);
}

TEST(Score, RefusesAModelWithAnotherNumberOfClasses) {
  Trial trial = test::trial_of({{0}, {0}, {0}, {5}, {5}, 3, {1, 2, 3}});
  trial.info.output.only().dims[1] = 3;
  EXPECT_THAT(test::complaint([&] { score(trial, test::four_vectors(), test::kNoGolden); }),
              HasSubstr("gives 3 scores, but there are 2 classes"));
}

TEST(Score, RefusesAModelWithSeveralOutputs) {
  Trial trial = test::trial_of({{0}, {0}, {0}, {5}, {5}, 2, {1, 2}});
  trial.info.output = TensorList({Tensor{}, Tensor{}});
  EXPECT_THAT(test::complaint([&] { score(trial, test::four_vectors(), test::kNoGolden); }),
              HasSubstr("has 2 outputs, scalar int8 and scalar int8; a classification reads a single one"));
}

TEST(Score, RefusesRowsThatDoNotFitTheOutput) {
  EXPECT_THAT(
      test::complaint([] {
        score(test::trial_of({{0}, {0}, {0}, {5}, {5}, 1, {1}}), test::four_vectors(), test::kNoGolden);
      }),
      HasSubstr("outputs of 1 bytes are stored"));
}

TEST(Score, NamesTheNearestGoldenArray) {
  const Trial trial = test::trial_of({{0}, {0}, {0}, {5}, {5}, 2, {9, 1}});
  EXPECT_THAT(test::complaint([&] { score(trial, test::four_vectors(), "shiped"); }),
              HasSubstr("did you mean `shipped`?"));
}

TEST(Score, RefusesGoldenOutputsOfAnotherSize) {
  VectorSet vectors = test::four_vectors();
  vectors.golden["shipped"].bytes_each = 4;
  const Trial trial = test::trial_of({{0}, {0}, {0}, {5}, {5}, 2, {9, 1}});
  EXPECT_THAT(test::complaint([&] { score(trial, vectors, "shipped"); }), HasSubstr("has 4 bytes a vector"));
}

}  // namespace
}  // namespace tinyhil::metric
