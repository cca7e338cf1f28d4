// SPDX-License-Identifier: Apache-2.0
// A campaign's run under way: its boards, driven for a while at a time by whoever has other things to look
// at, signals or a caller who wants the results as they come.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <vector>

#include "early_stop.hpp"
#include "inputs.hpp"
#include "run/runner.hpp"
#include "store/store.hpp"

namespace tinyhil {

// What it tells while it goes on, once it is stored.
struct Watch {
  std::function<void(const std::string& board, const Progress&)> progress = {};
  std::function<void(const TrialInfo&, const InferenceRows&)> rows = {};
};

// Runs the campaign on the board, or on several at a time, each its share of the vectors, and stores what it
// yields under `run`, except what is stored there already. Inputs, boards, store and `early` must outlive it.
// When it is destroyed before its end, what was whole is stored, and the run may be taken up again.
class Execution {
 public:
  Execution(const Inputs& inputs, const std::vector<const Board*>& boards, Store& store, std::int64_t run,
            EarlyStop& early, Watch watch);
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Goes on for at most `limit`. False when it has come to its end: every candidate is settled, or all
  // vectors were run. Throws Error(interrupted) after interrupt(), Error(time_limit) at the campaign's own
  // limit, and when one of the boards fails its Error, or Error(usage) when the boards are not alike.
  bool go_on(std::chrono::milliseconds limit);
  void interrupt() { stop(Stop::interrupted); }

  asio::any_io_executor executor() { return io_.get_executor(); }

 private:
  enum class Stop { none, interrupted, time_limit };
  class Sink;
  struct Seat;

  void start(Seat& seat);
  void stop(Stop reason);
  void finish();
  void close_trials();
  [[noreturn]] void throw_stopped();

  const Inputs& inputs_;
  Store& store_;
  std::int64_t run_;
  EarlyStop& early_;
  Watch watch_;
  asio::io_context io_{1};
  asio::steady_timer time_limit_;
  LookMeeting meeting_;
  std::unique_ptr<Sink> sink_;
  std::deque<Seat> seats_;
  std::size_t running_;
  Stop stop_ = Stop::none;
  std::exception_ptr failure_;
  bool is_finished_ = false;
};

}  // namespace tinyhil
