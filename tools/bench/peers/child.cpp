// SPDX-License-Identifier: Apache-2.0
#include "child.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>

namespace peers {

namespace {

constexpr std::chrono::milliseconds kEndPatience{5000};
constexpr std::chrono::milliseconds kEndPoll{10};

using Pipe = std::array<int, 2>;

Pipe make_pipe() {
  Pipe ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  }
  return ends;
}

}  // namespace

Child::Child(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const Pipe down = make_pipe();
  const Pipe up = make_pipe();
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "cannot start a process");
  if (pid_ == 0) {
    ::dup2(up[0], STDIN_FILENO);
    ::dup2(down[1], STDOUT_FILENO);
    std::signal(SIGPIPE, SIG_DFL);  // an ignored signal stays ignored over exec
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(up[0]);
  ::close(down[1]);
  from_ = down[0];
  to_ = up[1];
}

// The end of its input ends a well-behaved child, which may have something to write first; any other is
// killed.
Child::~Child() {
  ::close(to_);
  ::close(from_);
  for (auto waited = kEndPoll; waited < kEndPatience; waited += kEndPoll) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) return;
    std::this_thread::sleep_for(kEndPoll);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace peers
