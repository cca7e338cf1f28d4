// SPDX-License-Identifier: Apache-2.0
// A command of this program's own that does something to a board, as a child process: a driver that blocks or
// crashes does so there. Example:
//
//   BoardProgram reset = board_program("reset", entry);
//   reset.words.push_back("--held");
//   const ProgramAnswer answer = co_await run_board_program({executor, program}, reset, entry);
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/service/internal/inventory.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::daemon {

struct BoardProgram {
  std::vector<std::string> words;   // "reset", "--probe"; the bench comes behind the first
  std::chrono::milliseconds limit;  // it is ended then
};

// Of one of the program's commands for boards. Throws as bench::board_power_switch().
BoardProgram board_program(const std::string& command, const InventoryBoard& entry);

struct ProgramAnswer {
  bool has_ended = false;  // by itself, in time
  std::string text{};      // the JSON document that it said, or why it was not started
};

struct ProgramPlace {
  asio::any_io_executor executor;
  std::filesystem::path file;  // of tinyhil
};

// Never throws.
asio::awaitable<ProgramAnswer> run_board_program(ProgramPlace place, BoardProgram program,
                                                 InventoryBoard entry);

}  // namespace tinyhil::daemon
