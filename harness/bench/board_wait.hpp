// SPDX-License-Identifier: Apache-2.0
// Waiting for boards that others hold, as a coroutine: it asks again every 50 ms, and the loop that it runs
// on serves others meanwhile. Whoever cancels it waits no longer. Example:
//
//   const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
//   const std::vector<BoardHold> held = co_await hold_boards(bench, {&bench.board("m4")}, deadline);
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "board_hold.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::bench {

using HoldDeadline = std::chrono::steady_clock::time_point;  // one that has passed: only what is free now

// All of them, or none; they are free again when the holds are destroyed or the process dies. Bench and
// boards are lent until it returns. Throws Error(no_lease) at the deadline, naming the board and its holder;
// Error(usage) as board_key(), before any is held.
asio::awaitable<std::vector<BoardHold>> hold_boards(const Bench& bench, std::vector<const Board*> boards,
                                                    HoldDeadline deadline);

struct FreeBoard {
  std::size_t index = 0;          // in the keys that were given
  std::optional<BoardHold> hold;  // always there
};

// The first of these boards that comes free. Throws Error(no_lease) at the deadline, naming `where` and who
// holds them.
asio::awaitable<FreeBoard> hold_first_free(std::vector<std::string> keys, HoldDeadline deadline,
                                           std::string where);

}  // namespace tinyhil::bench
