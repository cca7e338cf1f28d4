// SPDX-License-Identifier: Apache-2.0
// driver: emulated    machine: mps2-an386
#include "bench/board_access.hpp"
#include "bench/emulated_board.hpp"
#include "transport/process.hpp"

namespace tinyhil::bench {

namespace {

class EmulatedAccess : public BoardAccess {
 public:
  explicit EmulatedAccess(EmulatedBoard board) : board_(std::move(board)) {}

  std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const override {
    return transport::open_process(std::move(executor), emulator_command(board_, SerialOnStdio{}));
  }
  std::optional<std::string> lock_key() const override { return std::nullopt; }
  bool tells_activity() const override { return true; }

 private:
  EmulatedBoard board_;
};

}  // namespace

std::unique_ptr<BoardAccess> make_emulated(const Board& board) {
  const Section& link = board.link;
  const std::string machine = link.choice("machine", emulated_machines());
  link.finish();
  if (!board.image)
    link.fail("an emulated board needs an `image` to run", "add `image: path/to/agent.elf` to the board");
  return std::make_unique<EmulatedAccess>(EmulatedBoard{machine, *board.image, board.activity});
}

}  // namespace tinyhil::bench
