// SPDX-License-Identifier: Apache-2.0
#include "hold.hpp"

#include <boost/asio/io_context.hpp>

#include "bench/board_wait.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::app {

std::vector<bench::BoardHold> hold(const Bench& bench, const std::vector<const Board*>& boards,
                                   std::chrono::milliseconds wait) {
  asio::io_context io(1);
  return transport::run_to_end(io,
                               bench::hold_boards(bench, boards, std::chrono::steady_clock::now() + wait));
}

}  // namespace tinyhil::app
