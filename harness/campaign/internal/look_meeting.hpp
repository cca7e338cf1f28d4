// SPDX-License-Identifier: Apache-2.0
// Where the boards of a run wait for each other: before the first model is loaded, so that a board that is
// missing or unlike the others costs nothing; and before any board is stopped, so that what is decided at
// a look is decided on the results of all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "change_signal.hpp"

namespace tinyhil::campaign {

using Settled = std::set<std::string>;  // candidates that need no more vectors

class LookMeeting {
 public:
  using Decide = std::function<asio::awaitable<Settled>(std::uint64_t look)>;

  // decide: after so many vectors of the whole run, once a look. All runs in the executor's one thread.
  LookMeeting(const asio::any_io_executor& executor, std::size_t boards, Decide decide);

  // Both return when all boards have come. One that fails never comes: it leaves, or the owner of the boards
  // cancels the others. No board comes twice to one meeting.
  asio::awaitable<void> gather();
  asio::awaitable<Settled> arrive(std::uint64_t look);  // throws what decide() threw

  void leave();  // a board that does not wait now comes no more
  bool has_gathered() const { return meetings_ > 0; }

 private:
  void end();

  std::size_t boards_;
  Decide decide_;
  std::size_t arrived_ = 0;
  std::size_t meetings_ = 0;  // that have ended
  bool is_deciding_ = false;
  Settled settled_;
  ChangeSignal changed_;
};

}  // namespace tinyhil::campaign
