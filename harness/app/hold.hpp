// SPDX-License-Identifier: Apache-2.0
// A command's wait for its boards.
#pragma once

#include <chrono>
#include <vector>

#include "bench/board_hold.hpp"

namespace tinyhil::app {

// As hold_boards(), in this thread; Ctrl-C ends the program meanwhile.
std::vector<bench::BoardHold> hold(const Bench& bench, const std::vector<const Board*>& boards,
                                   std::chrono::milliseconds wait);

}  // namespace tinyhil::app
