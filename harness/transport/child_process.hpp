// SPDX-License-Identifier: Apache-2.0
// A program whose stdin and stdout are one socket, and whose stderr is kept for evidence.
#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

namespace tinyhil {

class ChildProcess {
 public:
  // command[0] is looked up in PATH. Throws Error(bench_fault) when it cannot be started.
  explicit ChildProcess(const std::vector<std::string>& command);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();  // kills and reaps

  int release_socket();      // our end of the socket; the caller owns it from now on
  std::string last_words();  // "exited with status 1: <end of stderr>", or the end of stderr while it runs

 private:
  pid_t pid_ = -1;
  int socket_ = -1;
  int error_pipe_ = -1;
};

}  // namespace tinyhil
