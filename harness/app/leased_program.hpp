// SPDX-License-Identifier: Apache-2.0
// A program that runs as long as a lease does, with our terminal and in our process group, so that it is used
// as if it had been started by itself. Example:
//
//   LeasedProgram program(io.get_executor(), {"pytest", "-q"}, {{"TINYHIL_BOARD", "m4"}});
//   const int code = co_await program.ended();
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::app {

using Environment = std::vector<std::pair<std::string, std::string>>;  // set in addition to ours

class LeasedProgram {
 public:
  // command[0] is looked up in PATH. The kernel ends it with us, if we die first. Throws Error(usage) when
  // there is no such program, Error(bench_fault) when it cannot be started.
  LeasedProgram(const asio::any_io_executor& executor, const std::vector<std::string>& command,
                const Environment& environment);
  LeasedProgram(const LeasedProgram&) = delete;
  LeasedProgram& operator=(const LeasedProgram&) = delete;
  ~LeasedProgram();  // kills it, and all that it has started

  // To be called once. Its exit code, or 128 and the signal that ended it. Whatever it has started and left
  // behind is ended before this returns.
  asio::awaitable<int> ended();

  void send(int signal);  // SIGTERM, as whoever stopped us meant it to

  // Asks it to end, and kills it when it has not after `grace`.
  void stop(std::chrono::milliseconds grace);

 private:
  pid_t pid_ = -1;  // -1: has ended
  asio::signal_set child_signals_;
  asio::steady_timer grace_;
};

}  // namespace tinyhil::app
