// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdlib>

#include "daemon/service/internal/documents.hpp"
#include "daemon/service/internal/time_text.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kBoardsNamed = 5;

const char* to_string(Blocker blocker) {
  switch (blocker) {
    case Blocker::nothing:
      return "nothing";
    case Blocker::no_board_matches:
      return "no-board-matches";
    case Blocker::out_of_service:
      return "out-of-service";
    case Blocker::owner_at_maximum:
      return "owner-at-maximum";
    case Blocker::boards_taken:
      return "boards-taken";
  }
  std::abort();
}

std::string words_of(const MatchingBoard& board) {
  std::string words = board.board + " is " + to_string(board.condition);
  if (!board.owner.empty()) words += " by " + board.owner;
  return words;
}

std::string words_of(const std::vector<MatchingBoard>& boards) {
  std::string words;
  for (std::size_t i = 0; i < boards.size() && i < kBoardsNamed; ++i)
    words += (i == 0 ? "" : ", ") + words_of(boards[i]);
  if (boards.size() > kBoardsNamed) words += fmt::format(" and {} more", boards.size() - kBoardsNamed);
  return words;
}

}  // namespace

std::string sentence_of(const Explanation& why) {
  switch (why.blocker) {
    case Blocker::nothing:
      return "a board is about to be given to it";
    case Blocker::no_board_matches:
      if (!why.unmatched) return "no board matches";
      return "no board has `" + why.unmatched->term + "`; " + why.unmatched->remedy;
    case Blocker::out_of_service:
      return "no board that matches is in service: " + words_of(why.matching);
    case Blocker::owner_at_maximum:
      return fmt::format("its owner has {} boards already, and others wait", why.owner_holds);
    case Blocker::boards_taken:
      break;
  }
  std::string sentence =
      fmt::format("number {} of {} that wait; {}", why.position, why.queue, words_of(why.matching));
  if (why.expected_start) sentence += ", until about " + time_text(*why.expected_start);
  return sentence;
}

nlohmann::ordered_json document_of(const Explanation& why) {
  nlohmann::ordered_json document{{"blocker", to_string(why.blocker)},
                                  {"text", sentence_of(why)},
                                  {"position", why.position},
                                  {"queue", why.queue},
                                  {"owner_holds", why.owner_holds}};
  document["expected_start"] = nullptr;
  if (why.expected_start) document["expected_start"] = time_text(*why.expected_start);
  document["matching"] = nlohmann::ordered_json::array();
  for (const MatchingBoard& each : why.matching) {
    nlohmann::ordered_json board{{"board", each.board}, {"condition", to_string(each.condition)}};
    if (!each.owner.empty()) board["owner"] = each.owner;
    if (each.expected_free) board["expected_free"] = time_text(*each.expected_free);
    document["matching"].push_back(std::move(board));
  }
  return document;
}

}  // namespace tinyhil::daemon
