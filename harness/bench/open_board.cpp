// SPDX-License-Identifier: Apache-2.0
#include "open_board.hpp"

#include "emulated_board.hpp"

namespace tinyhil {

std::unique_ptr<Transport> open_board(asio::any_io_executor executor, const Board& board) {
  if (board.driver == "emulated") {
    const EmulatedBoard emulated = read_emulated_board(board.link, board.image);
    return open_process(std::move(executor), emulator_command(emulated, SerialOnStdio{}));
  }
  return open_transport(std::move(executor), board.driver, board.link);
}

}  // namespace tinyhil
