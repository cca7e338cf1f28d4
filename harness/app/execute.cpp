// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

#include "open_board.hpp"
#include "progress_line.hpp"
#include "run/runner.hpp"
#include "store_sink.hpp"

namespace tinyhil {

namespace {

// Enough for a signed-rank test at one in a thousand, and little beside a campaign.
constexpr std::uint64_t kControlVectors = 64;

enum class Stop { none, interrupted, time_limit };

// Drives the runner to its end, whichever comes first. What the runner threw is thrown here.
Stop drive(asio::io_context& io, Runner& runner, std::chrono::milliseconds limit) {
  Stop stop = Stop::none;
  std::exception_ptr failure;
  asio::cancellation_signal cancel;
  asio::signal_set signals(io, SIGINT, SIGTERM);
  asio::steady_timer timer(io, limit);
  const auto stop_for = [&](Stop reason) {
    return [&, reason](const boost::system::error_code& error, auto...) {
      if (error) return;
      stop = reason;
      cancel.emit(asio::cancellation_type::terminal);
    };
  };
  signals.async_wait(stop_for(Stop::interrupted));
  timer.async_wait(stop_for(Stop::time_limit));
  asio::co_spawn(io, runner.run(),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown) {
                   failure = thrown;
                   signals.cancel();
                   timer.cancel();
                 }));
  io.run();
  if (stop == Stop::none && failure) std::rethrow_exception(failure);
  return stop;
}

[[noreturn]] void throw_stopped(Stop stop, const Inputs& inputs, std::int64_t run) {
  const std::string kept = "what was measured is stored as run " + std::to_string(run);
  if (stop == Stop::interrupted) {
    throw Error(ExitCode::interrupted, "interrupted; " + kept, inputs.campaign.file.string(),
                "run it again with --resume to go on where it stopped");
  }
  throw Error(ExitCode::time_limit, "the campaign's time limit has passed; " + kept,
              inputs.campaign.file.string(),
              "go on with --resume; or raise `time_limit` in the campaign, or use fewer vectors");
}

}  // namespace

void execute(const Inputs& inputs, const Board& board, Store& store, std::int64_t run, EarlyStop& early) {
  asio::io_context io(1);
  StoreSink sink(store, run);
  ProgressLine line;
  const RunSetup setup{
      inputs.campaign,
      inputs.vectors,
      board,
      [&] { return open_board(io.get_executor(), board); },
      [&](const Progress& progress) { line.show(progress); },
      store.trials(run),
      early.order(),
      early.looks(),
      [&](const std::string& candidate, std::uint64_t drawn) { return early.is_settled(candidate, drawn); },
      kControlVectors};
  Runner runner(setup, sink);
  Stop stop = Stop::none;
  try {
    stop = drive(io, runner, inputs.campaign.time_limit);
  } catch (const std::exception&) {
    runner.interrupt();
    throw;
  }
  if (stop == Stop::none && !early.is_out_of_time()) store.end_run(run);
  if (stop == Stop::none) return;
  runner.interrupt();
  throw_stopped(stop, inputs, run);
}

}  // namespace tinyhil
