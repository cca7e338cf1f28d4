// SPDX-License-Identifier: Apache-2.0
#include "openocd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "probe/internal/kept_log.hpp"
#include "probe/internal/log_tail.hpp"
#include "probe/internal/tcl_connection.hpp"
#include "probe/internal/tcl_text.hpp"
#include "transport/child_process.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::probe {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kEndPatience{100};       // for how a process that seems to be ending ends
constexpr milliseconds kShutdownPatience{500};  // to let go of the probe
constexpr milliseconds kLogPatience{20};        // between two looks at the log

// Whether the core that commands mean was found behind the probe.
constexpr const char* kIsThere =
    "set thil_target [target current]; if {![$thil_target was_examined]} "
    "{error \"the probe reaches no core of target $thil_target\"}; "
    "if {[$thil_target curstate] eq \"unknown\"} {error \"the core of target $thil_target does not "
    "answer\"}; "
    "set thil_target";

std::string subject_of(const OpenOcdSettings& settings) { return "OpenOCD on probe " + settings.serial; }

std::vector<std::string> command_line(const OpenOcdSettings& settings) {
  std::vector<std::string> words = {settings.program};
  const auto add = [&words](const char* option, std::string value) {
    words.emplace_back(option);
    words.push_back(std::move(value));
  };
  if (!settings.folder.empty()) add("-s", settings.folder.string());
  for (const std::string& file : settings.config) add("-f", file);
  for (const std::string& command : settings.commands) add("-c", command);
  if (settings.speed_khz > 0) add("-c", "adapter speed " + std::to_string(settings.speed_khz));
  // Last, so that no file says otherwise.
  add("-c", "adapter serial " + tcl_word(settings.serial));
  add("-c", "debug_level 2; gdb_port disabled; telnet_port disabled; bindto 127.0.0.1; tcl_port 0");
  return words;
}

// A blocking connect: it is this machine, where connecting takes no time.
int connect_to(int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (descriptor >= 0 && ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
    return descriptor;
  if (descriptor >= 0) ::close(descriptor);
  return -1;
}

Result<std::string> ask_once(int& descriptor, std::string command, milliseconds limit) {
  asio::io_context io(1);
  TclConnection connection(io.get_executor(), descriptor);
  Result<std::string> answer = transport::run_to_end(io, connection.call(std::move(command), limit));
  descriptor = connection.release();
  return answer;
}

}  // namespace

struct OpenOcd::Child {
  explicit Child(const OpenOcdSettings& settings)
      : subject(subject_of(settings)),
        answer_limit(settings.answer_limit),
        kept_log(settings.kept_log),
        process(command_line(settings)),
        log(process.error_pipe()) {}

  std::string subject;
  milliseconds answer_limit;
  std::filesystem::path kept_log;
  transport::ChildProcess process;
  LogTail log;
  std::optional<TclConnection> connection{};
  bool is_ended = false;

  // "; its log is in faults/m4-openocd-1.log", once; a log that cannot be kept is no further fault.
  std::string keep_log() {
    const std::filesystem::path file = std::exchange(kept_log, {});
    if (file.empty()) return "";
    log.drain();
    const std::string why_not = add_log(file, subject, log.text());
    return why_not.empty() ? "; its log is in " + file.string() : "; its log could not be kept: " + why_not;
  }

  std::string last_words(milliseconds patience) {
    const std::string how = process.outcome(patience);
    log.drain();
    std::string complaint = complaint_in(log.text());
    if (how.empty()) return complaint;
    return "it " + how + (complaint.empty() ? "" : ": " + complaint);
  }

  [[noreturn]] void fail(const std::string& what, milliseconds patience) {
    const std::string said = last_words(patience);
    if (const std::string lock = lock_in(log.text()); !lock.empty()) {
      throw Error(
          ErrorKind::wrong_image, "the board is read-protected (locked): OpenOCD says: " + lock, subject,
          "unlock it with the chip's own means, which erases it (nRF: `nrf52_recover`), then run again");
    }
    throw Error(ErrorKind::bench_fault, what + (said.empty() ? "" : " (" + said + ")") + keep_log(), subject,
                "check that the probe with this serial number is plugged in and free, that its board has "
                "power and is "
                "not locked, and `config` in the bench file");
  }

  int wait_for_port(steady_clock::time_point deadline) {
    while (steady_clock::now() < deadline) {
      const bool is_open = log.drain();
      const int port = tcl_port_in(log.text());
      if (port != 0) return port;
      if (!is_open) fail("OpenOCD did not start", kEndPatience);
      pollfd more{process.error_pipe(), POLLIN, 0};
      ::poll(&more, 1, static_cast<int>(kLogPatience.count()));
    }
    fail("OpenOCD did not open its Tcl port in time", milliseconds(0));
  }
};

OpenOcd::OpenOcd(std::unique_ptr<Child> child) : child_(std::move(child)) {}

OpenOcd::~OpenOcd() { end(); }

std::unique_ptr<OpenOcd> OpenOcd::start(const asio::any_io_executor& executor,
                                        const OpenOcdSettings& settings, milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  std::unique_ptr<OpenOcd> openocd(new OpenOcd(std::make_unique<Child>(settings)));
  Child& child = *openocd->child_;
  const std::string early = child.subject + " ended at its start";
  int descriptor = connect_to(child.wait_for_port(deadline));
  if (descriptor < 0)  // a port that it had opened refuses only when it has ended
    child.fail(
        errno == ECONNREFUSED ? early : std::string("cannot connect to OpenOCD: ") + std::strerror(errno),
        kEndPatience);
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
  const Result<std::string> is_there = ask_once(descriptor, kIsThere, std::max(left, milliseconds(1)));
  child.connection.emplace(executor, descriptor);
  if (is_there) return openocd;
  const bool has_ended = is_there.error().kind == FaultKind::gone;
  child.fail(has_ended ? early : is_there.error().what, kEndPatience);
}

asio::awaitable<Result<std::string>> OpenOcd::call(std::string command) {
  return call(std::move(command), child_->answer_limit);
}

asio::awaitable<Result<std::string>> OpenOcd::call(std::string command, milliseconds limit) {
  child_->log.drain();
  Result<std::string> answer = co_await child_->connection->call(std::move(command), limit);
  child_->log.drain();
  if (answer || answer.error().kind == FaultKind::refused) co_return answer;
  Fault fault = answer.error();
  const std::string said = last_words();
  if (!said.empty()) fault.evidence += (fault.evidence.empty() ? "" : "; ") + said;
  if (!child_->is_ended) fault.evidence += child_->keep_log();
  co_return fault;
}

void OpenOcd::end() {
  if (child_->is_ended) return;
  child_->is_ended = true;
  if (child_->connection) {
    child_->connection->send_shutdown();
    child_->connection->close();
    child_->process.outcome(kShutdownPatience);
  }
  child_->process.kill();
}

std::string OpenOcd::log() {
  child_->log.drain();
  return child_->log.text();
}

std::string OpenOcd::last_words() { return child_->last_words(kEndPatience); }

std::string OpenOcd::describe() const { return child_->subject; }

}  // namespace tinyhil::probe
