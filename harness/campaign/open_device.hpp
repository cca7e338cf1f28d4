// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "device/device.hpp"
#include "model/bench.hpp"

namespace tinyhil::campaign {

// Opens a board of the bench, and what speaks to the device on it. Throws Error as board_access()
// and its open() do; nothing
// has been said to the device yet.
std::unique_ptr<device::Device> open_device(asio::any_io_executor executor, const Board& board);

// A Connect that does so in the caller's thread, which waits meanwhile. The board is lent.
asio::awaitable<std::unique_ptr<device::Device>> open_here(asio::any_io_executor executor,
                                                           const Board& board);

}  // namespace tinyhil::campaign
