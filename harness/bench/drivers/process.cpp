// SPDX-License-Identifier: Apache-2.0
// driver: process    command: [build/dev/bin/thil-agent-host, --serial, A1]
#include "transport/process.hpp"

#include "bench/board_access.hpp"

namespace tinyhil::bench {

namespace {

class ProcessBoard : public BoardAccess {
 public:
  explicit ProcessBoard(std::vector<std::string> command) : command_(std::move(command)) {}

  std::unique_ptr<transport::Transport> open(asio::any_io_executor executor) const override {
    return transport::open_process(std::move(executor), command_);
  }
  std::optional<std::string> lock_key() const override { return std::nullopt; }

 private:
  std::vector<std::string> command_;
};

}  // namespace

std::unique_ptr<BoardAccess> make_process(const Board& board) {
  const Section& link = board.link;
  std::vector<std::string> command = link.texts("command");
  link.finish();
  if (command.empty()) {
    link.fail("the process driver needs `command`, a list of the program and its arguments",
              "write for example `command: [build/dev/bin/thil-agent-host]`");
  }
  // A relative path means relative to the bench file; a bare name is looked up in PATH.
  if (command[0].find('/') != std::string::npos) command[0] = (link.folder() / command[0]).lexically_normal();
  return std::make_unique<ProcessBoard>(std::move(command));
}

}  // namespace tinyhil::bench
