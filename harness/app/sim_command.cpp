// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bench/emulated_board.hpp"
#include "commands.hpp"

namespace tinyhil::app {

namespace {

std::vector<std::string> command_for(const SimBoardOptions& options) {
  const bench::EmulatedBoard board{options.machine, options.image};
  if (options.tcp) return bench::emulator_command(board, bench::SerialOnTcp{*options.tcp});
  if (options.pty) return bench::emulator_command(board, bench::SerialOnPty{});
  return bench::emulator_command(board, bench::SerialOnStdio{});
}

}  // namespace

ExitCode sim_board_command(const SimBoardOptions& options) {
  const std::vector<std::string> command = command_for(options);
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  throw Error(ErrorKind::bench_fault, std::string("cannot start the emulator: ") + std::strerror(errno),
              command[0], "check that it can be run by hand");
}

}  // namespace tinyhil::app
