// SPDX-License-Identifier: Apache-2.0
#include "open_device.hpp"

#include "bench/board_access.hpp"
#include "device/agent/agent_device.hpp"

namespace tinyhil::campaign {

std::unique_ptr<device::Device> open_device(asio::any_io_executor executor, const Board& board) {
  return std::make_unique<device::AgentDevice>(bench::board_access(board)->open(std::move(executor)));
}

asio::awaitable<std::unique_ptr<device::Device>> open_here(asio::any_io_executor executor,
                                                           const Board& board) {
  co_return open_device(std::move(executor), board);
}

}  // namespace tinyhil::campaign
