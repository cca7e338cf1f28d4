// SPDX-License-Identifier: Apache-2.0
// A board for as long as a program runs: asked for, waited for, kept by heartbeats, and returned whatever
// becomes of the program.
#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/visible.hpp"
#include "base/write_file.hpp"
#include "daemon/http/client.hpp"
#include "daemon/http/new_key.hpp"
#include "daemon/http/problem.hpp"
#include "daemon_options.hpp"
#include "leased_program.hpp"
#include "remote_bench.hpp"

namespace tinyhil::app {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAgain{500};  // when the daemon was not reached
constexpr std::chrono::seconds kGrace{10};        // of a program whose lease is lost
constexpr std::chrono::seconds kReturnWithin{10};
constexpr std::chrono::seconds kAskAgain{10};
constexpr std::chrono::seconds kDaemonIsBack{3};  // when it is started again

// One lease, from asking for it to its return.
class LeaseUse {
 public:
  LeaseUse(const asio::any_io_executor& executor, const LeaseOptions& options)
      : options_(options),
        executor_(executor),
        client_(executor, address_of(options.daemon)),
        beat_timer_(executor),
        signals_(executor, SIGINT, SIGTERM, SIGHUP) {}

  // The program's exit code, or ours.
  asio::awaitable<int> run() {
    asio::co_spawn(executor_, obey_signals(), [](std::exception_ptr /*cancelled*/) {});
    std::exception_ptr failure;
    int code = 0;
    try {
      co_await asio::co_spawn(executor_, acquire(),
                              asio::bind_cancellation_slot(stop_waiting_.slot(), asio::use_awaitable));
      code = co_await use();
    } catch (...) {
      failure = std::current_exception();
    }
    if (signal_ && !program_)
      failure = std::make_exception_ptr(
          Error(ErrorKind::interrupted, "interrupted while it waited", options_.selector, "run it again"));
    co_await give_back();
    signals_.cancel();
    if (failure) std::rethrow_exception(failure);
    co_return code;
  }

  const nlohmann::json& lease() const { return lease_; }  // null: there is none

 private:
  nlohmann::json wish() const {
    nlohmann::json wish{{"priority", options_.priority}, {"purpose", options_.purpose}};
    if (!options_.selector.empty()) wish["selector"] = options_.selector;
    if (wish["purpose"] == "") wish["purpose"] = options_.command.front().substr(0, 200);
    if (!options_.expects.empty()) wish["expects"] = options_.expects;
    if (!options_.longest.empty()) wish["longest"] = options_.longest;
    return wish;
  }

  std::string path(const std::string& rest = "") const {
    return "/api/v1/leases/" + std::to_string(lease_.at("id").get<std::uint64_t>()) + rest;
  }

  asio::awaitable<nlohmann::json> ask(daemon::Verb verb, std::string path, nlohmann::json body,
                                      std::string key = "") {
    daemon::Question question;
    question.verb = verb;
    question.path = std::move(path);
    if (!body.is_null()) question.body = body.dump();
    if (!key.empty()) question.headers.push_back({"Idempotency-Key", std::move(key)});
    const daemon::Reply reply = co_await client_.ask(question);
    co_return nlohmann::json::parse(reply.body);
  }

  // The same, of a daemon that may be starting again: with one key it is one lease, however often it is asked
  // for.
  asio::awaitable<nlohmann::json> ask_patiently(daemon::Verb verb, std::string path, nlohmann::json body) {
    const auto end = steady_clock::now() + kDaemonIsBack;
    const std::string key = verb == daemon::Verb::post ? daemon::new_key() : "";
    while (true) {
      try {
        nlohmann::json answer = co_await ask(verb, path, body, key);
        co_return answer;
      } catch (const Error& problem) {
        if (problem.kind() != ErrorKind::bench_fault || steady_clock::now() >= end) throw;
      }
      beat_timer_.expires_after(kAgain);
      co_await beat_timer_.async_wait(asio::use_awaitable);
    }
  }

  asio::awaitable<void> acquire() {
    const auto end = steady_clock::now() + options_.wait;
    lease_ = co_await ask_patiently(daemon::Verb::post, "/api/v1/leases", wish());
    client_.show(lease_.at("token"));  // which lasts as long as the lease, also where ours does not
    if (lease_.at("state") == "waiting" && options_.wait.count() > 0) {
      const std::string reason = co_await why();
      fmt::print(stderr, "waiting for a board: {}\n", reason);
    }
    while (lease_.at("state") == "waiting" && steady_clock::now() < end) {
      const auto left = std::chrono::ceil<std::chrono::seconds>(end - steady_clock::now());
      const auto longest = std::min<std::chrono::seconds>(left, kAskAgain);
      lease_ =
          co_await ask_patiently(daemon::Verb::get, path("?wait_s=" + std::to_string(longest.count())), {});
    }
    if (lease_.at("state") == "granted") co_return;
    const std::string reason = co_await why();
    throw Error(ErrorKind::no_lease, "no board came free in time: " + reason, options_.selector,
                "wait longer with --wait");
  }

  asio::awaitable<std::string> why() {
    const nlohmann::json explanation = co_await ask_patiently(daemon::Verb::get, path("/why"), {});
    co_return visible(explanation.value("text", ""));
  }

  asio::awaitable<int> use() {
    Environment environment;
    const bool is_remote = options_.is_remote.value_or(options_.daemon.starts_with("https://"));
    if (is_remote) bench_ = co_await fetch_remote_bench(client_, options_.daemon, lease_);
    nlohmann::json told = lease_.at("environment");
    if (bench_) told = {{"TINYHIL_BENCH", bench_->file().string()}, {"TINYHIL_BOARD", lease_.at("board")}};
    for (const auto& [name, value] : told.items()) environment.emplace_back(name, value);
    environment.emplace_back("TINYHIL_LEASE", std::to_string(lease_.at("id").get<std::uint64_t>()));
    environment.emplace_back("TINYHIL_EPOCH", std::to_string(lease_.at("epoch").get<std::uint64_t>()));
    environment.emplace_back("TINYHIL_DAEMON", options_.daemon);
    fmt::print(stderr, "lease {}: board {}\n", lease_.at("id").get<std::uint64_t>(),
               visible(lease_.at("board").get<std::string>()));
    program_.emplace(executor_, options_.command, environment);
    bool is_beating = true;
    asio::co_spawn(executor_, beat(), [&](std::exception_ptr thrown) {
      is_beating = false;
      lost_ = thrown;
      ended_.cancel();
      if (thrown) program_->stop(kGrace);
    });
    const int code = co_await program_->ended();
    has_ended_ = true;
    beat_timer_.cancel();
    while (is_beating) {
      ended_.expires_after(kReturnWithin);
      boost::system::error_code error;
      co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
    if (lost_) std::rethrow_exception(lost_);
    co_return code;
  }

  // Once when the board was unplugged, and once when it is back.
  void tell_absence(const nlohmann::json& lease) {
    const auto absence = lease.find("absence");
    const bool is_absent = absence != lease.end() && absence->is_object();
    if (is_absent == is_absent_) return;
    is_absent_ = is_absent;
    fmt::print(stderr, "lease {}: {}\n", lease.at("id").get<std::uint64_t>(),
               is_absent ? "the board is absent: " + visible(absence->value("reason", "")) +
                               "; the lease goes on, plug it in again"
                         : "the board is plugged in again");
  }

  // Returns when the program has ended, throws when the lease is lost.
  asio::awaitable<void> beat() {
    const auto lives =
        std::chrono::milliseconds(std::llround(lease_.at("time_to_live_s").get<double>() * 1000));
    auto heard = steady_clock::now();
    const nlohmann::json body{{"epoch", lease_.at("epoch")}};
    std::chrono::milliseconds pause = lives / 3;
    while (!has_ended_) {
      beat_timer_.expires_after(pause);
      boost::system::error_code error;
      co_await beat_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
      if (has_ended_) co_return;
      try {
        const nlohmann::json told = co_await ask(daemon::Verb::post, path("/heartbeat"), body);
        tell_absence(told);
        heard = steady_clock::now();
        pause = lives / 3;
      } catch (const Error& problem) {
        if (problem.kind() == ErrorKind::lease_lost) throw;
        pause = std::min(kAgain, lives / 3);
        if (steady_clock::now() - heard > lives)
          throw Error(ErrorKind::lease_lost,
                      "the daemon was not reached for too long: " + std::string(problem.what()),
                      options_.daemon, "see whether it runs: systemctl status tinyhil");
      }
    }
  }

  // The daemon takes the board back by itself when it cannot be told.
  asio::awaitable<void> give_back() {
    if (lease_.is_null()) co_return;
    const auto end = steady_clock::now() + kReturnWithin;
    while (true) {
      try {
        co_await ask(daemon::Verb::remove, path(), nullptr);
        co_return;
      } catch (const Error& problem) {
        const bool may_pass = problem.kind() == ErrorKind::bench_fault && steady_clock::now() < end;
        if (!may_pass) {
          fmt::print(stderr, "the lease was not returned: {}; the daemon takes it back by itself\n",
                     problem.what());
          co_return;
        }
      }
      beat_timer_.expires_after(kAgain);
      co_await beat_timer_.async_wait(asio::use_awaitable);
    }
  }

  // Ctrl-C reaches the program by the terminal; what is sent to us alone is handed on.
  asio::awaitable<void> obey_signals() {
    while (true) {
      signal_ = co_await signals_.async_wait(asio::use_awaitable);
      if (program_ && *signal_ != SIGINT) program_->send(*signal_);
      if (!program_) stop_waiting_.emit(asio::cancellation_type::terminal);
    }
  }

  const LeaseOptions& options_;
  asio::any_io_executor executor_;
  daemon::Client client_;
  asio::steady_timer beat_timer_;
  asio::steady_timer ended_{executor_};
  asio::signal_set signals_;
  asio::cancellation_signal stop_waiting_;
  nlohmann::json lease_;
  std::unique_ptr<RemoteBench> bench_;  // outlives the program
  std::optional<LeasedProgram> program_;
  std::optional<int> signal_;
  std::exception_ptr lost_;
  bool has_ended_ = false;
  bool is_absent_ = false;  // its board, as we were told last
};

// Whose exit code it is: the program's own numbers may be like ours.
void write_status(const LeaseOptions& options, const nlohmann::json& lease, int code, bool is_programs) {
  if (options.status_file.empty()) return;
  nlohmann::json status{{"exit_code", code}, {"of", is_programs ? "command" : "tinyhil"}};
  if (!lease.is_null()) status["lease"] = lease.at("id");
  if (!lease.is_null()) status["board"] = lease.at("board");
  write_file(options.status_file, status.dump(2) + '\n');
}

}  // namespace

ExitCode lease_command(const LeaseOptions& options) {
  asio::io_context io(1);
  LeaseUse use(io.get_executor(), options);
  std::exception_ptr failure;
  int code = 0;
  asio::co_spawn(io, use.run(), [&](std::exception_ptr thrown, int ended) {
    failure = thrown;
    code = ended;
  });
  io.run();
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const Error& error) {
    write_status(options, use.lease(), static_cast<int>(exit_code(error.kind())), false);
    throw;
  }
  write_status(options, use.lease(), code, true);
  return static_cast<ExitCode>(code);
}

}  // namespace tinyhil::app
