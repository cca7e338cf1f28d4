// SPDX-License-Identifier: Apache-2.0
// Which of the boards that ran a campaign stands apart from the others. A warning and no verdict:
// docs/gate.md says what it is for, docs/statistics.md by which methods. Pure. Example:
//
//   const BoardComparison boards = compare_boards("slim", figures);
//   for (const BoardOutlier& outlier : boards.outliers) warn(outlier.board);
#pragma once

#include <string>
#include <vector>

#include "model/board_figures.hpp"

namespace tinyhil::gate {

// Each kind of figure has the level kBoardLevel over all boards:
// - outputs that differ from what most boards said of the same vector: every one;
// - accuracy: Fisher's exact test of a board against the others together, adjusted by Holm; only of tasks
//   whose answers are right or wrong;
// - median latency, energy: modified z-score beyond modified_z_limit(), and at least 1 % off the median; an
//   energy also by more than its own uncertainty. No latency of processes, which their neighbours move.
// Two boards cannot say which of them is the odd one: there is no outlier among them.
BoardComparison compare_boards(std::string model, std::vector<BoardFigures> boards);

}  // namespace tinyhil::gate
