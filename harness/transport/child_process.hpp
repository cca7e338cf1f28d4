// SPDX-License-Identifier: Apache-2.0
// A program whose stdin and stdout are one socket, and whose stderr is kept for evidence. It ends with us,
// also when we are killed.
#pragma once

#include <sys/types.h>
#include <chrono>
#include <string>
#include <vector>

namespace tinyhil::transport {

class ChildProcess {
 public:
  // command[0] is looked up in PATH. Throws Error(bench_fault) when it cannot be started.
  explicit ChildProcess(const std::vector<std::string>& command);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();  // kills and reaps

  int release_socket();      // our end of the socket; the caller owns it from now on
  std::string last_words();  // "exited with status 1: <end of stderr>", or the end of stderr while it runs

  // For who reads stderr as it comes, instead of last_words(): its reading end, non-blocking.
  int error_pipe() const { return error_pipe_; }
  // "exited with status 1" when it ends within so long; empty while it runs.
  std::string outcome(std::chrono::milliseconds patience);
  bool has_succeeded() const { return has_succeeded_; }  // of one that ended: with status 0
  void kill();                                           // and reaps it

 private:
  pid_t pid_ = -1;
  int socket_ = -1;
  int error_pipe_ = -1;
  std::string outcome_;
  bool has_succeeded_ = false;
};

}  // namespace tinyhil::transport
