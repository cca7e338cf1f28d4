// SPDX-License-Identifier: Apache-2.0
// A run on several boards, judged board by board: each ran candidate and baseline over its share of the
// vectors, so that no difference between boards is taken for one between models.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "comparable.hpp"
#include "gate/gate.hpp"

namespace tinyhil::gate {

// What each board alone shows; the evidence itself, under the board's name, when there is only one.
struct BoardEvidence {
  std::string board;
  Evidence evidence;
};
std::vector<BoardEvidence> by_board(const Evidence& evidence);

// " on b1" where several boards are told apart, else nothing.
std::string on_board(const Evidence& evidence, const std::string& board);

// What keeps the run from being judged: the trials of a board, its A/A control, or a model whose output on a
// vector that several boards ran is not the same on each. Where only the candidate's differ, Outcome::fail:
// the baseline shows that the boards are sound. Of one board, its trials and its control.
std::optional<Obstacle> board_obstacle(const Facts& facts);

// For the verdict: what the A/A control found on each board, and what vectors that several of them ran.
std::string board_words(const Facts& facts);

}  // namespace tinyhil::gate
