// SPDX-License-Identifier: Apache-2.0
#include "board_figures.hpp"

#include <gmock/gmock.h>

#include "testing/trial.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;

// Of the vectors 0 .. 3, which are labelled 0 1 1 0; all are right but the last one.
Trial on_board(const std::string& name, std::vector<std::uint32_t> vectors) {
  InferenceRows rows;
  rows.output_size = 2;
  for (const std::uint32_t vector : vectors) {
    rows.vector.push_back(vector);
    rows.repeat.push_back(0);
    rows.status.push_back(0);
    rows.clock.push_back(50 + 10 * vector);
    rows.timer.push_back(50 + 10 * vector);
    const bool is_yes = vector != 0;
    rows.outputs.push_back(is_yes ? 1 : 9);
    rows.outputs.push_back(is_yes ? 9 : 1);
  }
  Trial trial = test::trial_of(std::move(rows));
  trial.info.board.name = name;
  trial.info.board.timer_hz = 1'000'000;
  return trial;
}

BoardFigures figures_of(const Trial& trial, const std::vector<std::uint32_t>& owned) {
  return board_figures(score(trial, test::four_vectors(), test::kNoGolden), owned);
}

TEST(BoardFigures, CountVectorsAndScoresOfItsOwnAndLatenciesOfAllThatItRan) {
  Trial trial = on_board("m4", {0, 2, 3});
  trial.survived.resize(2);
  const BoardFigures figures = figures_of(trial, {2, 3});
  EXPECT_EQ(figures.board.name, "m4");
  EXPECT_EQ(figures.vectors, 2U);
  EXPECT_EQ(figures.accuracy.successes, 1);
  EXPECT_EQ(figures.accuracy.n, 2U);
  EXPECT_GT(figures.accuracy.interval.high, 0.9);
  ASSERT_TRUE(figures.latency);
  EXPECT_EQ(figures.latency->n, 3U);
  EXPECT_EQ(figures.latency->p50_us, 70);
  EXPECT_EQ(figures.latency->p99_us, 80);
  EXPECT_EQ(figures.faults, 2U);
  EXPECT_EQ(figures.latency_us.n, 2U);
  EXPECT_EQ(figures.latency_us.mean, 75);
  EXPECT_EQ(figures.latency_us.squares, 50);
  EXPECT_EQ(figures.score.mean, 0.5);
}

TEST(BoardFigures, AreEmptyWhereTheBoardRanNothing) {
  const BoardFigures figures = figures_of(on_board("m4", {}), {});
  EXPECT_EQ(figures.accuracy.n, 0U);
  EXPECT_FALSE(figures.latency);
  EXPECT_EQ(figures.latency_us.n, 0U);
}

std::vector<std::string> odd_of(const std::vector<Trial>& trials) {
  std::vector<const Trial*> lent;
  for (const Trial& trial : trials) lent.push_back(&trial);
  std::vector<std::string> words;
  for (const OddOutputs& each : odd_outputs(lent, 4))
    words.push_back(std::to_string(each.shared) + "/" + std::to_string(each.odd) + "/" +
                    std::to_string(each.disputed));
  return words;
}

TEST(OddOutputs, AreNoneWhereBoardsAgreeOnWhatTheyShare) {
  EXPECT_THAT(odd_of({on_board("a", {0, 1}), on_board("b", {1, 2}), on_board("c", {1, 3})}),
              ElementsAre("1/0/0", "1/0/0", "1/0/0"));
}

TEST(OddOutputs, AreOfTheBoardThatMostContradict) {
  std::vector<Trial> trials = {on_board("a", {0, 1}), on_board("b", {0, 1}), on_board("c", {0, 1})};
  trials[0].rows.outputs[2] = 2;  // also where it comes first
  EXPECT_THAT(odd_of(trials), ElementsAre("2/1/0", "2/0/0", "2/0/0"));
}

TEST(OddOutputs, OfTwoBoardsAreDisputed) {
  std::vector<Trial> trials = {on_board("a", {0, 1}), on_board("b", {1, 2})};
  trials[1].rows.outputs[0] = 2;
  EXPECT_THAT(odd_of(trials), ElementsAre("1/0/1", "1/0/1"));
}

TEST(OddOutputs, AreNotThoseOfARowThatFailed) {
  std::vector<Trial> trials = {on_board("a", {1}), on_board("b", {1}), on_board("c", {1})};
  trials[2].rows.status[0] = static_cast<std::uint8_t>(RowStatus::invoke_failed);
  trials[2].rows.outputs[0] = 2;
  EXPECT_THAT(odd_of(trials), ElementsAre("1/0/0", "1/0/0", "0/0/0"));
}

}  // namespace
}  // namespace tinyhil::metric
