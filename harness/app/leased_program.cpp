// SPDX-License-Identifier: Apache-2.0
#include "leased_program.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/error.hpp"
#include "base/visible.hpp"

namespace tinyhil::app {

namespace {

constexpr std::chrono::milliseconds kGraceOfLeftovers{500};
constexpr std::chrono::milliseconds kLookAgain{10};
constexpr int kNoSuchProgram = 127;  // as shells say it
constexpr int kFirstOfSignals = 128;

// What a process has started and what that has, those of a process that died before having become ours
// (PR_SET_CHILD_SUBREAPER).
std::vector<pid_t> descendants_of(pid_t process) {
  std::vector<pid_t> found;
  std::error_code gone;  // a process may end while it is looked at
  const std::filesystem::path threads = "/proc/" + std::to_string(process) + "/task";
  for (std::filesystem::directory_iterator thread(threads, gone), end; !gone && thread != end;
       thread.increment(gone)) {
    std::ifstream children(thread->path() / "children");
    for (pid_t child = 0; children >> child;) {
      found.push_back(child);
      const std::vector<pid_t> further = descendants_of(child);
      found.insert(found.end(), further.begin(), further.end());
    }
  }
  return found;
}

void signal_all(const std::vector<pid_t>& processes, int signal) {
  for (const pid_t process : processes) ::kill(process, signal);
}

// Those that have ended, so that they are no children any more.
void reap_leftovers() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

[[noreturn]] void become(const std::vector<std::string>& command, const Environment& environment,
                         int report) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  const int reason = errno;
  const ssize_t told = ::write(report, &reason, sizeof reason);
  ::_exit(told == sizeof reason ? kNoSuchProgram : kFirstOfSignals - 2);
}

[[noreturn]] void refuse(const std::string& program, int reason) {
  const bool is_not_there = reason == ENOENT || reason == EACCES;
  throw Error(is_not_there ? ErrorKind::usage : ErrorKind::bench_fault,
              "cannot start the program: " + std::string(std::strerror(reason)), visible(program),
              is_not_there ? "install it, or write its path" : "see how many processes there are: ps aux");
}

}  // namespace

LeasedProgram::LeasedProgram(const asio::any_io_executor& executor, const std::vector<std::string>& command,
                             const Environment& environment)
    : child_signals_(executor, SIGCHLD), grace_(executor) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) refuse(command.front(), errno);
  pid_ = ::fork();
  if (pid_ == 0) become(command, environment, report[1]);
  const int fork_error = errno;
  ::close(report[1]);
  int reason = pid_ < 0 ? fork_error : 0;
  const ssize_t size = pid_ < 0 ? 0 : ::read(report[0], &reason, sizeof reason);  // ends when it has started
  ::close(report[0]);
  if (pid_ > 0 && size <= 0) return;
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
  refuse(command.front(), reason);
}

LeasedProgram::~LeasedProgram() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  signal_all(descendants_of(::getpid()), SIGKILL);
  reap_leftovers();
}

asio::awaitable<int> LeasedProgram::ended() {
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    boost::system::error_code error;
    co_await child_signals_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
  pid_ = -1;
  grace_.cancel();
  for (const int signal : {SIGTERM, SIGKILL}) {
    signal_all(descendants_of(::getpid()), signal);
    const auto end = std::chrono::steady_clock::now() + kGraceOfLeftovers;
    reap_leftovers();
    while (!descendants_of(::getpid()).empty() && std::chrono::steady_clock::now() < end) {
      grace_.expires_after(kLookAgain);
      co_await grace_.async_wait(asio::use_awaitable);
      reap_leftovers();
    }
  }
  co_return WIFSIGNALED(status) ? kFirstOfSignals + WTERMSIG(status) : WEXITSTATUS(status);
}

void LeasedProgram::send(int signal) {
  if (pid_ > 0) ::kill(pid_, signal);
}

void LeasedProgram::stop(std::chrono::milliseconds grace) {
  send(SIGTERM);
  grace_.expires_after(grace);
  grace_.async_wait([this](const boost::system::error_code& error) {
    if (!error) send(SIGKILL);
  });
}

}  // namespace tinyhil::app
