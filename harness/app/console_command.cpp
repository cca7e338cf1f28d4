// SPDX-License-Identifier: Apache-2.0
// `tinyhil console`: what a board says, by itself or when asked who it is.
#include <fmt/format.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <random>

#include "bench/board_access.hpp"
#include "commands.hpp"
#include "device/agent/listener.hpp"
#include "device/agent/session.hpp"
#include "device/agent/wire_traits.hpp"
#include "hold.hpp"

namespace tinyhil::app {

namespace {

using Clock = std::chrono::steady_clock;

class Listening {
 public:
  Listening(asio::io_context& io, transport::Transport& line, const ConsoleOptions& options)
      : io_(io), line_(line), left_(options.lines) {}

  asio::awaitable<void> run() {
    std::array<std::uint8_t, 4096> buffer{};
    while (left_ > 0) {
      const Result<std::size_t> size = co_await line_.read(buffer);
      if (!size) {
        fault_ = size.error();
        break;
      }
      listener_.hear(std::span(buffer).first(*size), [this](const device::LineEvent& event) { show(event); });
      std::fflush(stdout);
    }
    io_.stop();
  }

  asio::awaitable<void> ask() {
    device::Session session;
    session.open(static_cast<std::uint8_t>(1 + std::random_device{}() % UINT8_MAX));
    thil_hello hello{};
    hello.nonce = std::random_device{}();
    session.post(THIL_ID_hello, device::pack(hello));
    const Result<void> written = co_await line_.write(session.outgoing());
    if (!written) fault_ = written.error();
  }

  void end() {
    listener_.end([this](const device::LineEvent& event) { show(event); });
  }
  const std::optional<Fault>& fault() const { return fault_; }

 private:
  void show(const device::LineEvent& event) {
    if (left_ == 0) return;
    --left_;
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    fmt::print("{:9.3f}  {:<5}  {}\n", seconds, device::to_string(event.kind), event.words);
  }

  asio::io_context& io_;
  transport::Transport& line_;
  device::LineListener listener_;
  std::uint64_t left_;
  Clock::time_point begin_ = Clock::now();
  std::optional<Fault> fault_;
};

const Board& board_of(const Bench& bench, const ConsoleOptions& options) {
  return options.board.empty() ? bench.boards.front() : bench.board(options.board);
}

}  // namespace

ExitCode console_command(const ConsoleOptions& options) {
  const Bench bench = load_bench(options.bench);
  const Board& board = board_of(bench, options);
  const std::vector<bench::BoardHold> held = hold(bench, {&board}, std::chrono::milliseconds(0));
  asio::io_context io(1);
  asio::signal_set signals(io, SIGINT, SIGTERM, SIGHUP);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) io.stop();
  });
  asio::steady_timer limit(io);
  if (options.limit) {
    limit.expires_after(std::chrono::duration_cast<std::chrono::milliseconds>(*options.limit));
    limit.async_wait([&](const boost::system::error_code& error) {
      if (!error) io.stop();
    });
  }
  const std::unique_ptr<transport::Transport> line = bench::board_access(board)->open(io.get_executor());
  Listening listening(io, *line, options);
  asio::co_spawn(io, listening.run(), asio::detached);
  if (options.hello) asio::co_spawn(io, listening.ask(), asio::detached);
  io.run();
  listening.end();
  if (listening.fault()) {
    throw Error(ErrorKind::bench_fault, describe(*listening.fault()), "board " + board.name,
                "check power and cable, then listen again");
  }
  return ExitCode::pass;
}

}  // namespace tinyhil::app
