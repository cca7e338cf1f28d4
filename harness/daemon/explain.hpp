// SPDX-License-Identifier: Apache-2.0
// Why does a request wait, and until when? Pure, from the same farm as schedule(). Example:
//
//   const auto why = explain(farm, policy, {7}, now);
//   if (why && why->blocker == Blocker::no_board_matches) say(why->unmatched->remedy);
//   if (why && why->expected_start) say_time(*why->expected_start);
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "farm.hpp"
#include "schedule.hpp"

namespace tinyhil::daemon {

enum class Blocker {
  nothing,           // the next pass grants it a board
  no_board_matches,  // `unmatched` says why
  out_of_service,    // each board that matches is quarantined, offline or absent
  owner_at_maximum,  // and somebody else waits for a board that it could use
  boards_taken,      // leased or being cleaned, or free and given to who comes first
};

// The term of a selector that keeps it from matching any board.
struct UnmatchedTerm {
  std::string term;            // canonical: "chip=stm32f5"
  bool alone = false;          // no board meets it; otherwise none does that meets all the other terms
  std::size_t without_it = 0;  // how many boards meet all the other terms
  std::string remedy;          // with the nearest label that boards have
};

struct MatchingBoard {
  std::string board;
  Condition condition;
  std::string owner{};                    // of its lease; empty: it has none
  std::optional<Moment> leased_until{};   // the hard end of its lease
  std::optional<Moment> expected_free{};  // estimated; nothing: it cannot be known
};

struct Explanation {
  Blocker blocker;
  // Its queue: the waiting requests that match a board that it matches, itself included, in the order in
  // which they will be looked at if nothing else comes. It is first at position 1.
  std::size_t position = 0;
  std::size_t queue = 0;
  std::size_t owner_holds = 0;  // boards
  std::optional<UnmatchedTerm> unmatched{};
  std::vector<MatchingBoard> matching{};  // by name
  // Estimated: every request before it gets the board that comes free first, leases end when their requests
  // expected, or at their hard end where that is past or was not said, and cleaning takes what the policy
  // says. Nothing when it depends on a time that nobody knows. Later requests of higher priority delay it.
  std::optional<Moment> expected_start{};
};

// Nothing when no request that waits has this id.
std::optional<Explanation> explain(const Farm& farm, const SchedulePolicy& policy, RequestId id, Moment now);

}  // namespace tinyhil::daemon
