// SPDX-License-Identifier: Apache-2.0
// Expected values: R lmerTest::lmer(y ~ fw + (1|board) + (1|board:fw)) with Kenward and Roger's degrees of
// freedom.
#include "board_effects.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "seeded_random.hpp"

namespace tinyhil::stats {
namespace {

using Values = std::vector<double>;

double board_mean(const Values& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Values reference_differences() {
  return {board_mean({9.98, 9.95, 9.97}) - board_mean({10.12, 10.10, 10.15}),
          board_mean({10.41, 10.36, 10.40}) - board_mean({10.52, 10.49, 10.50}),
          board_mean({9.62, 9.66, 9.64}) - board_mean({9.81, 9.84, 9.80}),
          board_mean({10.13, 10.15, 10.11}) - board_mean({10.22, 10.27, 10.24})};
}

TEST(PairedBoards, EqualsTheReferenceValues) {
  const BoardEffect found = paired_boards(reference_differences()).value();
  EXPECT_NEAR(found.estimate, -0.14, 1e-12);
  EXPECT_NEAR(found.se, 0.0159281, 5.1e-8);
  EXPECT_EQ(found.degrees, 3);
  EXPECT_NEAR(found.t(), -8.7895, 5.1e-5);
  EXPECT_NEAR(found.p_two_sided(), 0.0031024, 5.1e-8);
  EXPECT_NEAR(found.bounds(0.975).low, -0.1906903, 5.1e-8);
  EXPECT_NEAR(found.bounds(0.975).high, -0.0893097, 5.1e-8);
}

TEST(PairedBoards, IsNoneOfOneBoard) {
  EXPECT_FALSE(paired_boards(Values{-0.14}));
  EXPECT_FALSE(paired_boards({}));
}

TEST(PairedBoards, KnowsBoardsThatAgreeExactly) {
  EXPECT_EQ(paired_boards(Values{0, 0, 0})->p_two_sided(), 1);
  EXPECT_EQ(paired_boards(Values{2, 2, 2})->p_two_sided(), 0);
  EXPECT_EQ(paired_boards(Values{2, 2, 2})->bounds(0.95).low, 2);
}

TEST(HartungKnapp, IsTheMeanOfBoardsThatMeasuredEquallyWell) {
  std::vector<BoardDifference> boards;
  for (const double value : reference_differences()) boards.push_back({value, 0.0003});
  const BoardEffect found = hartung_knapp(boards).value();
  EXPECT_NEAR(found.estimate, -0.14, 1e-12);
  EXPECT_NEAR(found.se, 0.0159281, 5.1e-8);
  EXPECT_FALSE(hartung_knapp(std::vector<BoardDifference>{{1, 1}}));
}

TEST(HartungKnapp, ListensMoreToTheBoardThatMeasuredBetter) {
  const std::vector<BoardDifference> boards{{0, 0.01}, {1, 1}, {1, 1}};
  EXPECT_LT(hartung_knapp(boards)->estimate, 0.1);
}

TEST(BoardSpread, RecoversTheInteractionOfTheReference) {
  // The residual standard deviation of the reference, .021409, makes a difference of two means of three vary
  // by 2/3 of its square; tau^2 is then twice the variance .018832^2 of board:version.
  std::vector<BoardDifference> boards;
  for (const double value : reference_differences()) boards.push_back({value, 0.021409 * 0.021409 * 2 / 3});
  EXPECT_NEAR(board_spread(boards).tau, std::sqrt(2.0) * 0.018832, 1e-6);
  EXPECT_GT(board_spread(boards).i2, 0.6);
  EXPECT_LT(board_spread(boards).p, 0.05);
}

TEST(BoardSpread, IsNoneWhenBoardsDifferByLessThanTheirNoise) {
  const BoardSpread spread = board_spread(std::vector<BoardDifference>{{1.0, 1}, {1.1, 1}, {0.9, 1}});
  EXPECT_EQ(spread.tau, 0);
  EXPECT_EQ(spread.i2, 0);
  EXPECT_GT(spread.p, 0.9);
}

// Boards differ by 1 %, versions on one board by 0.1 %, runs by 0.2 %; no true change.
TEST(PairedBoards, KeepsItsLevelWhereBoardsDiffer) {
  SeededRandom random(21);
  constexpr int kCampaigns = 4000;
  int paired = 0, unequal = 0;
  for (int i = 0; i < kCampaigns; ++i) {
    Values differences;
    std::vector<BoardDifference> boards;
    for (int board = 0; board < 4; ++board) {
      const double runs = board % 2 == 0 ? 25 : 100, noise = 0.2 * std::sqrt(2 / runs);
      const double difference = 0.1 * std::sqrt(2.0) * random.normal() + noise * random.normal();
      differences.push_back(difference);
      boards.push_back({difference, noise * noise});
    }
    paired += paired_boards(differences)->p_two_sided() < 0.05;
    unequal += hartung_knapp(boards)->p_two_sided() < 0.05;
  }
  EXPECT_NEAR(paired, kCampaigns * 0.05, kCampaigns * 0.012);
  EXPECT_NEAR(unequal, kCampaigns * 0.05, kCampaigns * 0.015);
}

}  // namespace
}  // namespace tinyhil::stats
