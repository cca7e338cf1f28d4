// SPDX-License-Identifier: Apache-2.0
#include "board_outliers.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "stats/intervals.hpp"

namespace tinyhil::gate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// 1,000 vectors each, 900 right, p50 in us.
BoardFigures figures(const std::string& name, double p50_us) {
  BoardFigures board;
  board.board.name = name;
  board.board.provenance = Provenance::real;
  board.vectors = 1000;
  board.accuracy = stats::proportion(900, 1000);
  board.latency = BoardLatency{1000, p50_us, p50_us, p50_us};
  board.shared = 64;
  return board;
}

// Five that are alike.
std::vector<BoardFigures> farm() {
  return {figures("b1", 10'000), figures("b2", 10'004), figures("b3", 9'998), figures("b4", 10'010),
          figures("b5", 9'991)};
}

std::vector<std::string> outliers(const BoardComparison& comparison) {
  std::vector<std::string> words;
  for (const BoardOutlier& each : comparison.outliers)
    words.push_back(each.board + " " + to_string(each.figure));
  return words;
}

std::vector<std::string> outliers(std::vector<BoardFigures> boards) {
  return outliers(compare_boards("slim", std::move(boards)));
}

UncertainFigure energy(double value, double half) {
  UncertainFigure figure;
  figure.value = value;
  figure.interval = {value - half, value + half};
  return figure;
}

TEST(BoardOutliers, AreNoneAmongBoardsThatAreAlike) { EXPECT_THAT(outliers(farm()), IsEmpty()); }

TEST(BoardOutliers, NameTheBoardTheFigureAndWhatTheOthersHave) {
  std::vector<BoardFigures> boards = farm();
  boards[3].latency->p50_us = 10'500;
  const BoardComparison comparison = compare_boards("slim", boards);
  ASSERT_THAT(outliers(comparison), ElementsAre("b4 latency"));
  EXPECT_EQ(comparison.outliers[0].value, 10'500);
  EXPECT_EQ(comparison.outliers[0].pool, 10'000);
  EXPECT_GT(comparison.outliers[0].z, comparison.outliers[0].limit);
}

TEST(BoardOutliers, AreNotWarnedOfForLessThanAPercentOfLatency) {
  std::vector<BoardFigures> boards = farm();
  for (BoardFigures& board : boards) board.latency->p50_us = 10'000;
  boards[3].latency->p50_us = 10'099;
  EXPECT_THAT(outliers(boards), IsEmpty());
  boards[3].latency->p50_us = 9'899;
  EXPECT_THAT(outliers(boards), ElementsAre("b4 latency"));
  EXPECT_TRUE(std::isinf(compare_boards("slim", boards).outliers[0].z)) << "the others are equal";
}

TEST(BoardOutliers, AreNotFoundByTheLatencyOfProcesses) {
  std::vector<BoardFigures> boards = farm();
  for (BoardFigures& board : boards) board.board.provenance = Provenance::process;
  boards[3].latency->p50_us = 20'000;
  EXPECT_THAT(outliers(boards), IsEmpty());
}

TEST(BoardOutliers, ByAccuracyAreThoseThatFishersTestTellsFromTheOthersAtFivePercentTogether) {
  std::vector<BoardFigures> boards = farm();
  boards[1].accuracy = stats::proportion(855, 1000);
  const BoardComparison comparison = compare_boards("slim", boards);
  ASSERT_THAT(outliers(comparison), ElementsAre("b2 accuracy"));
  EXPECT_EQ(comparison.outliers[0].value, 0.855);
  EXPECT_EQ(comparison.outliers[0].pool, 0.9);
  EXPECT_LT(comparison.outliers[0].p, 0.05);
  boards[1].accuracy = stats::proportion(877, 1000);  // p = 0.036 alone
  EXPECT_THAT(outliers(boards), IsEmpty());
  boards[1].accuracy = stats::proportion(855, 1000);
  for (BoardFigures& board : boards) board.is_right_or_wrong = false;
  EXPECT_THAT(outliers(boards), IsEmpty()) << "of scores";
}

TEST(BoardOutliers, ByOutputsAreAllThatDifferFromMost) {
  std::vector<BoardFigures> boards = farm();
  boards[4].odd = 1;
  const BoardComparison comparison = compare_boards("slim", boards);
  ASSERT_THAT(outliers(comparison), ElementsAre("b5 outputs"));
  EXPECT_EQ(comparison.outliers[0].value, 1);
  EXPECT_EQ(comparison.outliers[0].pool, 64);
}

TEST(BoardOutliers, ByEnergyAreBeyondTheirOwnUncertainty) {
  std::vector<BoardFigures> boards = farm();
  for (std::size_t i = 0; i < boards.size(); ++i)
    boards[i].energy_uj = energy(100 + static_cast<double>(i) / 10, 2);
  EXPECT_THAT(outliers(boards), IsEmpty());
  boards[0].energy_uj = energy(110, 12);
  EXPECT_THAT(outliers(boards), IsEmpty()) << "its meter cannot tell";
  boards[0].energy_uj = energy(110, 2);
  EXPECT_THAT(outliers(boards), ElementsAre("b1 energy"));
  boards.resize(3);
  boards[1].energy_uj = boards[2].energy_uj = std::nullopt;
  EXPECT_THAT(outliers(boards), IsEmpty()) << "one was measured";
}

TEST(BoardOutliers, AreNeverOneOfTwo) {
  std::vector<BoardFigures> boards = farm();
  boards.resize(2);
  boards[0].latency->p50_us = 20'000;
  boards[0].accuracy = stats::proportion(1, 1000);
  EXPECT_THAT(outliers(boards), IsEmpty());
}

TEST(BoardSpread, IsBetweenBoardsAndWithinThemWhereVectorsTell) {
  std::vector<BoardFigures> boards = farm();
  EXPECT_FALSE(compare_boards("slim", boards).latency_us) << "no vector was timed";
  boards.resize(2);
  boards[0].latency_us = {3, 10, 2};
  boards[1].latency_us = {3, 14, 2};
  const BoardComparison comparison = compare_boards("slim", boards);
  ASSERT_TRUE(comparison.latency_us);
  EXPECT_DOUBLE_EQ(comparison.latency_us->within, 1);
  EXPECT_NEAR(comparison.latency_us->between, std::sqrt(23.0 / 3), 1e-12);
  EXPECT_NEAR(comparison.latency_us->icc, 23.0 / 26, 1e-12);
  EXPECT_FALSE(comparison.score);
}

}  // namespace
}  // namespace tinyhil::gate
