// SPDX-License-Identifier: Apache-2.0
// `tinyhil board-line`: a board's line on standard input and output, for the daemon, which hands it to a
// holder on another machine. What may block or crash with a board is here and not in the daemon.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "bench/board_access.hpp"
#include "commands.hpp"
#include "daemon/http/problem.hpp"
#include "hold.hpp"
#include "transport/descriptor.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::app {

namespace {

constexpr std::chrono::seconds kLetsGoWithin{2};  // of whoever had the line before

// A JSON document in a line of its own comes before the first byte of the board.
asio::awaitable<void> say_first(transport::Transport& caller, nlohmann::json fields) {
  const std::string line = fields.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  static_cast<void>(co_await caller.write(std::span(reinterpret_cast<const std::uint8_t*>(line.data()),
                                                    line.size())));  // a caller that is gone is seen later
}

asio::awaitable<std::optional<Fault>> pump(transport::Transport& from, transport::Transport& to) {
  std::array<std::uint8_t, 16384> buffer{};
  while (true) {
    const Result<std::size_t> size = co_await from.read(buffer);
    if (!size) co_return size.error();
    const Result<void> written = co_await to.write(std::span(buffer).first(*size));
    if (!written) co_return written.error();
  }
}

// What ended it: the line, or the caller, who needs it no more.
asio::awaitable<std::optional<Fault>> pump_both(transport::Transport& caller, transport::Transport& line) {
  using namespace asio::experimental::awaitable_operators;
  const auto outcome = co_await (pump(line, caller) || pump(caller, line));
  co_return outcome.index() == 0 ? std::get<0>(outcome) : std::nullopt;
}

std::unique_ptr<transport::Transport> open_line(asio::io_context& io, const ConsoleOptions& options,
                                                std::vector<bench::BoardHold>& held) {
  const Bench bench = load_bench(options.bench);
  const Board& board = bench.board(options.board);
  held = hold(bench, {&board}, kLetsGoWithin);
  return bench::board_access(board)->open(io.get_executor());
}

}  // namespace

ExitCode board_line_command(const ConsoleOptions& options) {
  asio::io_context io(1);
  const auto caller = transport::open_descriptor(io.get_executor(), ::dup(STDIN_FILENO), "the daemon");
  std::vector<bench::BoardHold> held;
  std::unique_ptr<transport::Transport> line;
  try {
    line = open_line(io, options, held);
  } catch (const Error& error) {
    const auto problem = nlohmann::json::parse(daemon::problem(error).body);
    transport::run_to_end(io, say_first(*caller, {{"problem", problem}}));
    return exit_code(error.kind());
  }
  transport::run_to_end(io, say_first(*caller, {{"line", line->describe()}}));
  const std::optional<Fault> fault = transport::run_to_end(io, pump_both(*caller, *line));
  if (fault)
    throw Error(ErrorKind::bench_fault, describe(*fault), "board " + options.board, "check power and cable");
  return ExitCode::pass;
}

}  // namespace tinyhil::app
