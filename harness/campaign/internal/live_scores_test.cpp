// SPDX-License-Identifier: Apache-2.0
#include "live_scores.hpp"

#include <gtest/gtest.h>

#include "formats/section.hpp"
#include "model/task.hpp"
#include "testing/trial.hpp"

namespace tinyhil::campaign {
namespace {

// Labels 0, 1, 0, 1; an output is two int8 elements.
class LiveScoresTest : public testing::Test {
 protected:
  LiveScoresTest() {
    vectors_.labels = {0, 1, 0, 1};
    info_.model = "slim";
    info_.board.name = "m4";
    info_.output = Tensor{DType::int8, 2, {1, 2, 1, 1}, 0, 0};
  }
  static InferenceRows row(std::uint32_t vector, RowStatus status, std::vector<std::uint8_t> output) {
    InferenceRows rows;
    rows.output_size = output.size();
    rows.resize(1);
    rows.vector[0] = vector;
    rows.status[0] = static_cast<std::uint8_t>(status);
    rows.outputs = std::move(output);
    return rows;
  }
  static std::pair<std::uint64_t, double> of(const LiveScores& scores, const std::string& board = "m4") {
    const ScoreSoFar so_far = scores.of(board, "slim");
    return {so_far.scored, so_far.sum};
  }

  VectorSet vectors_ = test::four_vectors();
  TrialInfo info_;
};

TEST_F(LiveScoresTest, CountsAVectorByItsFirstAnswer) {
  LiveScores scores(vectors_);
  scores.begin(7, info_);
  EXPECT_EQ(of(scores), std::pair(std::uint64_t{0}, 0.0));
  scores.add(7, row(0, RowStatus::ok, {5, 1}));
  scores.add(7, row(0, RowStatus::ok, {1, 5}));
  scores.add(7, row(1, RowStatus::disturbed, {5, 1}));
  EXPECT_EQ(of(scores), std::pair(std::uint64_t{2}, 1.0));
}

TEST_F(LiveScoresTest, AQuarantinedVectorIsWrongAndOneWithoutAnAnswerIsNotCounted) {
  LiveScores scores(vectors_);
  scores.begin(7, info_);
  scores.add(7, row(0, RowStatus::quarantined, {0, 0}));
  scores.add(7, row(1, RowStatus::invoke_failed, {1, 5}));
  EXPECT_EQ(of(scores), std::pair(std::uint64_t{1}, 0.0));
  scores.add(7, row(1, RowStatus::ok, {1, 5}));
  EXPECT_EQ(of(scores), std::pair(std::uint64_t{2}, 1.0));
}

TEST_F(LiveScoresTest, IsOfEachBoard) {
  LiveScores scores(vectors_);
  scores.begin(7, info_);
  info_.board.name = "m7";
  scores.begin(8, info_);
  scores.add(7, row(0, RowStatus::ok, {5, 1}));
  scores.add(8, row(1, RowStatus::ok, {5, 1}));
  EXPECT_EQ(of(scores, "m4"), std::pair(std::uint64_t{1}, 1.0));
  EXPECT_EQ(of(scores, "m7"), std::pair(std::uint64_t{1}, 0.0));
}

TEST_F(LiveScoresTest, ATaskMayGiveAnythingBetweenRightAndWrong) {
  vectors_.task = make_task(Section::parse("{kind: regression, worst_error: 10}", "campaign.yaml"));
  vectors_.labels.clear();
  vectors_.classes.clear();
  vectors_.golden.clear();
  vectors_.targets = {10, 20, 30, 40};
  info_.output = Tensor{DType::int8, 2, {1, 1, 1, 1}, 0.5F, 0};
  LiveScores scores(vectors_);
  scores.begin(7, info_);
  scores.add(7, row(0, RowStatus::ok, {30}));
  EXPECT_EQ(of(scores), std::pair(std::uint64_t{1}, 0.5));
}

TEST_F(LiveScoresTest, AControlAndAnOutputThatTheTaskCannotScoreHaveNone) {
  LiveScores scores(vectors_);
  info_.role = TrialRole::control;
  scores.begin(7, info_);
  scores.add(7, row(0, RowStatus::ok, {5, 1}));
  info_.role = TrialRole::subject;
  info_.output = Tensor{DType::int8, 2, {1, 9, 1, 1}, 0, 0};
  scores.begin(8, info_);
  scores.add(8, row(0, RowStatus::ok, {5, 1, 1, 1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(of(scores), std::pair(std::uint64_t{0}, 0.0));
}

}  // namespace
}  // namespace tinyhil::campaign
