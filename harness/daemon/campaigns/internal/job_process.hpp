// SPDX-License-Identifier: Apache-2.0
// The child process that runs a campaign. It ends with us, also when we are killed; Ctrl-C in our terminal is
// not for it. Example:
//
//   JobProcess process(executor, {words, job / "stdout", job / "log"});
//   const int code = co_await process.ended();
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::daemon {

struct JobCommand {
  std::vector<std::string> words;  // the first: the program's file
  std::filesystem::path output;    // of stdout, written anew
  std::filesystem::path log;       // of stderr, appended to
};

class JobProcess {
 public:
  // Without what a leased program is told (TINYHIL_BENCH, TINYHIL_DAEMON and so on): it asks no daemon.
  // Throws Error(bench_fault) when it cannot be started.
  JobProcess(const asio::any_io_executor& executor, const JobCommand& command);
  JobProcess(const JobProcess&) = delete;
  JobProcess& operator=(const JobProcess&) = delete;
  ~JobProcess();  // kills and reaps

  // Its exit code, or 128 and the number of the signal that ended it. Once.
  asio::awaitable<int> ended();
  void send(int signal) const;  // does nothing when it has ended

 private:
  pid_t pid_ = -1;
  asio::posix::stream_descriptor end_;  // readable when it has ended
};

}  // namespace tinyhil::daemon
