// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::transport {

namespace {

constexpr std::size_t kLastWordsMax = 4096;
constexpr std::chrono::milliseconds kEndPatience{100};

[[noreturn]] void fail(const std::string& what, const std::string& program, int error) {
  const std::string remedy = error == ENOENT ? "install `" + program + "`, or correct the bench file"
                                             : "check that `" + program + "` can be run by hand";
  throw Error(ErrorKind::bench_fault, what + ": " + std::strerror(error), program, remedy);
}

std::vector<char*> argument_pointers(const std::vector<std::string>& command) {
  std::vector<char*> pointers;
  for (const std::string& argument : command) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec: only async-signal-safe calls. Reports a failed exec through `report`.
[[noreturn]] void become(char* const* arguments, pid_t parent, std::array<int, 3> ends) {
  const auto [socket, error_pipe, report] = ends;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // it died before it could be noticed
  ::setpgid(0, 0);                          // Ctrl-C is for us; we end the child in our own time
  ::dup2(socket, STDIN_FILENO);
  ::dup2(socket, STDOUT_FILENO);
  ::dup2(error_pipe, STDERR_FILENO);
  ::execvp(arguments[0], arguments);
  const int error = errno;
  if (::write(report, &error, sizeof error) != sizeof error) ::_exit(126);
  ::_exit(127);
}

// A line that ended is often the first sign of a process that is just ending: grant it a moment.
bool ends_within(pid_t pid, std::chrono::milliseconds patience) {
  if (pid <= 0) return false;
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return false;
  pollfd end{descriptor, POLLIN, 0};
  const bool ended = ::poll(&end, 1, static_cast<int>(patience.count())) == 1;
  ::close(descriptor);
  return ended;
}

struct Pair {
  std::array<int, 2> ends{-1, -1};
  ~Pair() {
    for (int end : ends)
      if (end >= 0) ::close(end);
  }
  int take(int which) { return std::exchange(ends[static_cast<std::size_t>(which)], -1); }
};

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  const std::vector<char*> arguments = argument_pointers(command);
  Pair line, errors, report;
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line.ends.data()) != 0 ||
      ::pipe2(errors.ends.data(), O_CLOEXEC) != 0 || ::pipe2(report.ends.data(), O_CLOEXEC) != 0) {
    fail("cannot make a pipe", command[0], errno);
  }
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) fail("cannot start a process", command[0], errno);
  if (pid_ == 0) become(arguments.data(), parent, {line.ends[1], errors.ends[1], report.ends[1]});

  ::close(report.take(1));
  int error = 0;
  if (::read(report.ends[0], &error, sizeof error) == sizeof error) {  // end of file: exec succeeded
    ::waitpid(pid_, nullptr, 0);
    fail("cannot run the program", command[0], error);
  }
  socket_ = line.take(0);
  error_pipe_ = errors.take(0);
  ::fcntl(error_pipe_, F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
  if (socket_ >= 0) ::close(socket_);
  ::close(error_pipe_);
  kill();
}

void ChildProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);  // its whole group: the program may be a script
  ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

int ChildProcess::release_socket() { return std::exchange(socket_, -1); }

std::string ChildProcess::outcome(std::chrono::milliseconds patience) {
  int status = 0;
  if (ends_within(pid_, patience) && ::waitpid(std::exchange(pid_, -1), &status, 0) >= 0) {
    has_succeeded_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    outcome_ = WIFSIGNALED(status) ? "ended by signal " + std::to_string(WTERMSIG(status))
                                   : "exited with status " + std::to_string(WEXITSTATUS(status));
  }
  return outcome_;
}

std::string ChildProcess::last_words() {
  const std::string how = outcome(kEndPatience);
  std::string words(kLastWordsMax, '\0');
  const ssize_t size = ::read(error_pipe_, words.data(), words.size());
  words.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!words.empty() && words.back() == '\n') words.pop_back();
  if (how.empty() || words.empty()) return how + words;
  return how + ": " + words;
}

}  // namespace tinyhil::transport
