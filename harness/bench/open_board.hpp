// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "model/bench.hpp"
#include "transport/transport.hpp"

namespace tinyhil {

// Opens the line to a board of the bench; for an emulated one, starts it. Throws Error: usage for unknown
// drivers and keys, bench_fault when the port does not open or the emulator does not start. Does not greet
// the board.
std::unique_ptr<Transport> open_board(asio::any_io_executor executor, const Board& board);

}  // namespace tinyhil
