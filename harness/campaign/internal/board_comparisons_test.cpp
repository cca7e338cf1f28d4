// SPDX-License-Identifier: Apache-2.0
#include "board_comparisons.hpp"

#include <gtest/gtest.h>

namespace tinyhil::campaign {
namespace {

BoardFigures figures_of(const std::string& board) {
  BoardFigures figures;
  figures.board.name = board;
  return figures;
}

BoardEnergyFigures energies_of(const std::string& board, double slim_uj) {
  BoardEnergyFigures energies;
  energies.board = board;
  energies.models.resize(2);
  energies.models[0].model = "shipped";
  energies.models[1].model = "slim";
  energies.models[1].gross = UncertainFigure{slim_uj, 1, {slim_uj - 2, slim_uj + 2}, {}};
  return energies;
}

TEST(ComparedBoards, HaveTheirEnergiesOfTheModelAndTheAttemptsThatFailedOnThem) {
  RunRecord run;
  run.failed_attempts = {{{"m4", "m7"}, "bench", "the port is gone"},
                         {{"m7"}, "board", "it does not answer"}};
  const BoardComparison compared =
      compared_boards({figures_of("m4"), figures_of("m7"), figures_of("m3")}, "slim",
                      {energies_of("m7", 70), energies_of("m4", 40)}, run);
  EXPECT_EQ(compared.model, "slim");
  ASSERT_EQ(compared.boards.size(), 3U);
  EXPECT_EQ(compared.boards[0].energy_uj->value, 40);
  EXPECT_EQ(compared.boards[1].energy_uj->value, 70);
  EXPECT_FALSE(compared.boards[2].energy_uj) << "it has no meter";
  EXPECT_EQ(compared.boards[0].failed_attempts, 1U);
  EXPECT_EQ(compared.boards[1].failed_attempts, 2U);
  EXPECT_EQ(compared.boards[2].failed_attempts, 0U);
  EXPECT_FALSE(compared_boards({figures_of("m4"), figures_of("m7")}, "shipped", {energies_of("m4", 40)}, run)
                   .boards[0]
                   .energy_uj);
}

}  // namespace
}  // namespace tinyhil::campaign
