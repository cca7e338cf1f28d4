// SPDX-License-Identifier: Apache-2.0
#include "output_scorer.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "compare.hpp"
#include "formats/section.hpp"
#include "model/inference_rows.hpp"
#include "model/task.hpp"
#include "testing/trial.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;

// Classification by the real numbers alone: the slow way to what OutputScorer reads from the bytes.
ScoredAnswer scored_by_values(const TrialInfo& info, const VectorSet& vectors, Output output,
                              std::size_t vector) {
  std::vector<double> values;
  for (std::size_t i = 0; i < info.output.elements(); ++i)
    values.push_back(real_at(info.output.only(), output, i));
  return {static_cast<float>(vectors.task->score(values, vectors, vector)), *vectors.task->class_of(values)};
}

TEST(OutputScorer, ReadsTheLargestElementAsTheTaskDoes) {
  std::mt19937 random(7);
  VectorSet vectors = test::four_vectors();
  vectors.classes = {"a", "b", "c"};
  TrialInfo info;
  for (const float scale : {0.0F, 0.125F}) {
    info.output = Tensor{DType::int8, 2, {1, 3, 1, 1}, scale, -5};
    OutputScorer scorer(info, vectors);
    for (int i = 0; i < 1000; ++i) {
      const std::vector<std::uint8_t> output = {static_cast<std::uint8_t>(random() % 5 + 126),
                                                static_cast<std::uint8_t>(random() % 5 + 126),
                                                static_cast<std::uint8_t>(random() % 5 + 126)};
      const ScoredAnswer fast = scorer.score(output, i % 4),
                         slow = scored_by_values(info, vectors, output, i % 4);
      ASSERT_EQ(fast.predicted, slow.predicted);
      ASSERT_EQ(fast.score, slow.score);
    }
  }
}

// Four vectors with one target each, and a trial that answers 10, 21, 28.5 and nothing, by int8 in halves.
VectorSet measured_vectors(const std::string& task) {
  VectorSet vectors = test::four_vectors();
  vectors.task = make_task(Section::parse(task, "campaign.yaml"));
  vectors.labels.clear();
  vectors.classes.clear();
  vectors.golden.clear();
  vectors.targets = {10, 20, 30, 40};
  return vectors;
}

Trial measured_trial(std::vector<std::uint8_t> outputs) {
  const std::size_t n = outputs.size();
  InferenceRows rows;
  for (std::uint32_t i = 0; i < n; ++i) rows.vector.push_back(i);
  rows.repeat.resize(n);
  rows.status.resize(n);
  rows.clock.assign(n, 5);
  rows.timer.assign(n, 5);
  rows.output_size = 1;
  rows.outputs = std::move(outputs);
  Trial trial = test::trial_of(std::move(rows));
  trial.info.output = Tensor{DType::int8, 2, {1, 1, 1, 1}, 0.5F, 0};
  return trial;
}

TEST(Score, OfARegressionIsInTheUnitsOfItsTargets) {
  const Trial trial = measured_trial({20, 42, 57});
  const Scorecard right =
      score(trial, measured_vectors("{kind: regression, tolerance: 1.2}"), test::kNoGolden);
  EXPECT_THAT(right.scores, ElementsAre(1, 1, 0, 0));
  EXPECT_THAT(right.answers, ElementsAre(Answer::given, Answer::given, Answer::given, Answer::missing));
  EXPECT_TRUE(right.predicted.empty());
  EXPECT_TRUE(right.confusion.empty());
  EXPECT_EQ(right.accuracy.successes, 2);
  EXPECT_EQ(right.accuracy.n, 3u);
  const Scorecard graded =
      score(trial, measured_vectors("{kind: regression, worst_error: 2}"), test::kNoGolden);
  EXPECT_THAT(graded.scores, ElementsAre(1, 0.5F, 0.25F, 0));
  EXPECT_DOUBLE_EQ(graded.accuracy.value(), 1.75 / 3);
  EXPECT_EQ(graded.slices[0].accuracy.successes, 1.5);  // loud: vectors 0, 1 and 3, which was not answered
}

TEST(Compare, CountsWhoIsWithinTheToleranceOfARegression) {
  const VectorSet vectors = measured_vectors("{kind: regression, tolerance: 1.2}");
  const Comparison found = compare(measured_trial({20, 46, 60}), measured_trial({20, 42, 50, 80}), vectors);
  EXPECT_EQ(found.all, (PairCounts{1, 2, 1, 0}));  // the candidate has no answer to the last one
  EXPECT_EQ(found.slices[0][1], (PairCounts{0, 0, 1, 0}));
  EXPECT_TRUE(found.by_label.empty());
  EXPECT_EQ(found.drift.n, 3u);
  EXPECT_EQ(found.drift.flipped, 0u);
  EXPECT_EQ(found.drift.largest_step, (Histogram{{0, 1}, {4, 1}, {10, 1}}));
}

TEST(Compare, LeavesScoresThatAreNoCountsToTheScorecards) {
  const VectorSet vectors = measured_vectors("{kind: regression, worst_error: 2}");
  const Comparison found =
      compare(measured_trial({20, 46, 60, 80}), measured_trial({20, 42, 50, 80}), vectors);
  EXPECT_EQ(found.all, PairCounts{});
  EXPECT_THAT(found.slices[0], ElementsAre(PairCounts{}, PairCounts{}, PairCounts{}));
  EXPECT_EQ(found.drift.n, 4u);
}

}  // namespace
}  // namespace tinyhil::metric
