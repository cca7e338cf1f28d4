// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <deque>

#include "open_board.hpp"
#include "progress_line.hpp"
#include "run/runner.hpp"
#include "store_sink.hpp"

namespace tinyhil {

namespace {

// Enough for a signed-rank test at one in a thousand, and little beside a campaign.
constexpr std::uint64_t kControlVectors = 64;

enum class Stop { none, interrupted, time_limit };

// One board's part in a run. Not to be moved: the Runner lends the setup.
struct Seat {
  RunSetup setup;
  Runner runner;
  asio::cancellation_signal cancel;

  Seat(RunSetup made, TrialSink& sink) : setup(std::move(made)), runner(setup, sink) {}
};

// Drives the runners to their end, whichever comes first. What the first of them threw is thrown here, when
// the others have stopped.
Stop drive(asio::io_context& io, std::deque<Seat>& seats, std::chrono::milliseconds limit) {
  Stop stop = Stop::none;
  std::exception_ptr failure;
  std::size_t running = seats.size();
  asio::signal_set signals(io, SIGINT, SIGTERM);
  asio::steady_timer timer(io, limit);
  const auto cancel_all = [&] {
    for (Seat& seat : seats) seat.cancel.emit(asio::cancellation_type::terminal);
  };
  const auto stop_for = [&](Stop reason) {
    return [&, reason](const boost::system::error_code& error, auto...) {
      if (error) return;
      stop = reason;
      cancel_all();
    };
  };
  signals.async_wait(stop_for(Stop::interrupted));
  timer.async_wait(stop_for(Stop::time_limit));
  const auto on_end = [&](std::exception_ptr thrown) {
    if (thrown && !failure) failure = thrown;
    if (thrown) asio::post(io, cancel_all);
    if (--running > 0) return;
    signals.cancel();
    timer.cancel();
  };
  for (Seat& seat : seats)
    asio::co_spawn(io, seat.runner.run(), asio::bind_cancellation_slot(seat.cancel.slot(), on_end));
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

// A run's results, into the store; and its boards have to be alike.
class RunSink : public StoreSink {
 public:
  RunSink(Store& store, std::int64_t run, const Inputs& inputs) : StoreSink(store, run), inputs_(inputs) {}

  void greeted(const BoardIdentity& board) override {
    if (!first_) first_ = board;
    if (const std::string unlike = pooling_obstacle(*first_, board); !unlike.empty()) {
      throw Error(ExitCode::usage, "the boards are not alike: " + unlike, inputs_.campaign.file.string(),
                  "divide a campaign only among boards of one kind with one firmware");
    }
  }

 private:
  const Inputs& inputs_;
  std::optional<BoardIdentity> first_;
};

std::vector<Trial> trials_on(const Store& store, std::int64_t run, const Board& board, std::size_t boards) {
  std::vector<Trial> trials = store.trials(run);
  if (boards > 1)
    std::erase_if(trials, [&](const Trial& trial) { return trial.info.board.name != board.name; });
  return trials;
}

}  // namespace

void execute(const Inputs& inputs, const std::vector<const Board*>& boards, Store& store, std::int64_t run,
             EarlyStop& early) {
  asio::io_context io(1);
  RunSink sink(store, run, inputs);
  ProgressLine line(boards.size());
  LookMeeting meeting(io.get_executor(), boards.size(),
                      [&](std::uint64_t look) { return early.settled(look); });
  std::deque<Seat> seats;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    const Board& board = *boards[i];
    seats.emplace_back(
        RunSetup{inputs.campaign,
                 inputs.vectors,
                 board,
                 [&io, &board] { return open_board(io.get_executor(), board); },
                 [&line, &board](const Progress& progress) { line.show(board.name, progress); },
                 trials_on(store, run, board, boards.size()),
                 early.order(),
                 early.looks(),
                 &meeting,
                 kControlVectors,
                 {i, boards.size()}},
        sink);
  }
  const auto interrupt_all = [&] {
    for (Seat& seat : seats) seat.runner.interrupt();
  };
  Stop stop = Stop::none;
  try {
    stop = drive(io, seats, inputs.campaign.time_limit);
  } catch (const std::exception&) {
    interrupt_all();
    throw;
  }
  if (stop == Stop::none && !early.is_out_of_time()) store.end_run(run);
  if (stop == Stop::none) return;
  interrupt_all();
  throw_stopped(stop, inputs, run);
}

}  // namespace tinyhil
