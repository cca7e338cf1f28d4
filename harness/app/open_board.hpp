// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "link/transport.hpp"
#include "model/bench.hpp"

namespace tinyhil {

// Opens the line to a board of the bench; for an emulated one, starts it.
std::unique_ptr<Transport> open_board(asio::any_io_executor executor, const Board& board);

}  // namespace tinyhil
