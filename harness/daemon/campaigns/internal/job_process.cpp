// SPDX-License-Identifier: Apache-2.0
#include "job_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

constexpr int kSignalBase = 128;  // as shells say it
constexpr int kCannotStart = 127;
constexpr off_t kLastWordsMost = 16L * 1024;  // bytes

[[noreturn]] void cannot_start(const std::string& what, const std::string& where, int reason) {
  const bool is_full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  throw Error(ErrorKind::bench_fault, what + ": " + std::strerror(reason), where,
              is_full ? "free space where the daemon's --state lies, and resume it"
                      : "see how many processes and files this account may have: ulimit -a");
}

// A descriptor that is closed with its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

// With room for last words: a run that fills the disk can still say that it did. A file system that keeps no
// room goes without.
int open_for_child(const std::filesystem::path& file, int how) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | how, 0600);
  const off_t end = descriptor < 0 ? -1 : ::lseek(descriptor, 0, SEEK_END);
  const bool has_room = end >= 0 && (::fallocate(descriptor, FALLOC_FL_KEEP_SIZE, end, kLastWordsMost) == 0 ||
                                     (errno != ENOSPC && errno != EDQUOT && errno != EFBIG));
  if (has_room) return descriptor;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  cannot_start("cannot open a file of the campaign", file.string(), reason);
}

std::vector<std::string> environment_without_lease() {
  constexpr std::array kOfALease{"TINYHIL_BENCH=", "TINYHIL_BOARD=", "TINYHIL_DAEMON=",
                                 "TINYHIL_TOKEN=", "TINYHIL_LEASE=", "TINYHIL_EPOCH="};
  std::vector<std::string> kept;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string entry = *each;
    bool is_kept = true;
    for (const char* name : kOfALease) is_kept = is_kept && !entry.starts_with(name);
    if (is_kept) kept.push_back(entry);
  }
  return kept;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct ChildEnds {
  int input, output, log, report;
  pid_t parent;
};

// Between fork and exec: only async-signal-safe calls.
[[noreturn]] void become_job(char* const* words, char* const* environment, const ChildEnds& ends) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != ends.parent) ::_exit(kCannotStart);
  ::setpgid(0, 0);
  ::dup2(ends.input, STDIN_FILENO);
  ::dup2(ends.output, STDOUT_FILENO);
  ::dup2(ends.log, STDERR_FILENO);
  ::execve(words[0], words, environment);
  const int reason = errno;
  if (::write(ends.report, &reason, sizeof reason) != sizeof reason) ::_exit(kCannotStart - 1);
  ::_exit(kCannotStart);
}

}  // namespace

JobProcess::JobProcess(const asio::any_io_executor& executor, const JobCommand& command) : end_(executor) {
  std::vector<std::string> words = command.words;
  std::vector<std::string> environment = environment_without_lease();
  const std::vector<char*> word_pointers = pointers_to(words);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const Descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Descriptor output(open_for_child(command.output, O_TRUNC));
  const Descriptor log(open_for_child(command.log, O_APPEND));
  std::array<int, 2> report{-1, -1};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) cannot_start("cannot make a pipe", words[0], errno);
  const Descriptor report_read(report[0]);
  Descriptor report_write(report[1]);
  const ChildEnds ends{input.number(), output.number(), log.number(), report_write.number(), ::getpid()};
  pid_ = ::fork();
  if (pid_ < 0) cannot_start("cannot start a process", words[0], errno);
  if (pid_ == 0) become_job(word_pointers.data(), environment_pointers.data(), ends);
  report_write.close();
  int reason = 0;
  const bool has_failed = ::read(report_read.number(), &reason, sizeof reason) == sizeof reason;
  const int descriptor = has_failed ? -1 : static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (!has_failed && descriptor < 0) reason = errno;
  if (descriptor < 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
    cannot_start("cannot run the program", words[0], reason);
  }
  end_.assign(descriptor);
}

JobProcess::~JobProcess() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

asio::awaitable<int> JobProcess::ended() {
  boost::system::error_code error;
  co_await end_.async_wait(asio::posix::stream_descriptor::wait_read,
                           asio::redirect_error(asio::use_awaitable, error));
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  co_return WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
}

void JobProcess::send(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

}  // namespace tinyhil::daemon
