// SPDX-License-Identifier: Apache-2.0
#include "boards.hpp"

#include <fmt/format.h>

#include "control.hpp"

namespace tinyhil::gate {
namespace {

Facts facts_of(const BoardFacts& board, const Facts& all) {
  return {board.candidate, board.baseline, all.vectors, board.comparison, board.sample, board.control, {}};
}

Obstacle on(const BoardFacts& board, Obstacle found) {
  found.reason = "on board " + board.candidate.info.board.name + ": " + found.reason;
  return found;
}

std::uint64_t unequal(const ControlScore& score) { return score.differing + score.answered_once; }

std::string difference(const std::string& model, const BoardFacts& board, const ControlScore& score) {
  return fmt::format(
      "`{}` gives other outputs on board {} than on {}: {} of {} vectors that others ran, too, first vector "
      "{}",
      model, board.candidate.info.board.name, board.unlike_board, unequal(score),
      score.n + score.answered_once, *score.first_unequal);
}

std::optional<Obstacle> unlike_outputs(const BoardFacts& board) {
  if (board.baseline_again.first_unequal) {
    return Obstacle{Outcome::error, "the baseline " +
                                        difference(board.baseline.info.model, board, board.baseline_again) +
                                        "; look for the bad board, then run again"};
  }
  if (board.candidate_again.first_unequal) {
    return Obstacle{Outcome::fail, difference(board.candidate.info.model, board, board.candidate_again) +
                                       ", where the baseline's are equal"};
  }
  return std::nullopt;
}

std::optional<Obstacle> obstacle_of_one(const Facts& facts) {
  std::optional<Obstacle> found = obstacle(facts.candidate, facts.baseline, facts.vectors);
  if (!found && facts.control) found = control_obstacle(*facts.control);
  return found;
}

}  // namespace

std::vector<BoardEvidence> by_board(const Evidence& evidence) {
  if (evidence.boards.empty()) return {{evidence.candidate.info.board.name, evidence}};
  std::vector<BoardEvidence> each;
  for (const BoardFacts& board : evidence.boards) {
    if (board.has_left) continue;
    each.push_back({board.candidate.info.board.name,
                    Evidence{facts_of(board, evidence), evidence.alpha, evidence.total_alpha}});
  }
  return each;
}

std::string on_board(const Evidence& evidence, const std::string& board) {
  return evidence.boards.empty() ? "" : " on " + board;
}

std::optional<Obstacle> board_obstacle(const Facts& facts) {
  if (facts.boards.empty()) return obstacle_of_one(facts);
  for (const BoardFacts& board : facts.boards) {
    if (auto found = obstacle_of_one(facts_of(board, facts))) return on(board, *found);
  }
  for (const BoardFacts& board : facts.boards) {
    if (auto found = unlike_outputs(board)) return found;
  }
  return obstacle(facts.candidate, facts.baseline, facts.vectors);
}

std::string board_words(const Facts& facts) {
  if (facts.boards.empty()) return control_words(facts.control);
  std::string words;
  for (const BoardFacts& board : facts.boards)
    words += board.candidate.info.board.name + ": " + control_words(board.control) + "; ";
  std::uint64_t again = 0, other = 0;
  for (const BoardFacts& board : facts.boards) {
    if (board.has_left)
      words += board.candidate.info.board.name + " failed, and the others went on without it; ";
    again += board.baseline_again.n + board.baseline_again.answered_once;
    other += unequal(board.candidate_again) + unequal(board.baseline_again);
  }
  return words + fmt::format("{} times another board ran a vector again, {}", again,
                             other == 0 ? "outputs equal" : "outputs differ");
}

}  // namespace tinyhil::gate
