// SPDX-License-Identifier: Apache-2.0
// A campaign's run under way: its boards, driven for a while at a time, so that the caller can look at other
// things in between, such as signals. Use it in one thread; it is in that thread that Watch is called.
// Example:
//
//   Execution execution(inputs, boards, {store, run}, {});
//   while (execution.go_on(std::chrono::milliseconds(100))) show_progress();
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
#include "runner.hpp"
#include "store/run_store.hpp"

namespace tinyhil {

// What it tells while it goes on, once it is stored.
struct Watch {
  std::function<void(const std::string& board, const Progress&)> progress = {};
  std::function<void(const TrialInfo&, const InferenceRows&)> rows = {};
};

// Where results go: into the store, under this record. The record of a new run (id 0) gets its id with the
// first trial: a run that no board could begin leaves nothing behind.
struct StoredRun {
  RunStore& store;
  RunRecord& record;
};

// Runs the campaign on the board, or on several at a time, each its share of the vectors, and stores what it
// yields, except what is stored already. All that is lent must outlive it. When it is destroyed before its
// end, what was whole is stored, and the run can be resumed.
class Execution {
 public:
  // Throws as check_same_sampling().
  Execution(const Inputs& inputs, const std::vector<const Board*>& boards, StoredRun run, Watch watch);
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Goes on for at most `limit`. False when it has come to its end: every candidate is settled, or all
  // vectors were run. Throws Error(interrupted) after interrupt(), Error(hung_up) after hang_up(),
  // Error(time_limit) at the campaign's own limit, and when one of the boards fails its Error, or
  // Error(usage) when the boards are not alike.
  bool go_on(std::chrono::milliseconds limit);
  void interrupt() { stop(Stop::interrupted); }
  void hang_up() { stop(Stop::hung_up); }  // the terminal is gone

  bool has_touched_a_board() const { return has_touched_a_board_; }  // opened it, to speak to it

  // It ended undecided, as the time on the device is over, and may be resumed.
  bool is_out_of_time() const { return early_.is_out_of_time(); }

  asio::any_io_executor executor() { return io_.get_executor(); }

 private:
  enum class Stop { none, interrupted, hung_up, time_limit };
  class Sink;
  struct Seat;

  std::unique_ptr<Device> touch(const Board& board);
  void start(Seat& seat);
  void stop(Stop reason);
  void finish();
  bool awaits_image() const;
  void close_trials();
  [[noreturn]] void throw_stopped();

  const Inputs& inputs_;
  RunStore& store_;
  RunRecord& run_;
  EarlyStop early_;
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
  bool has_touched_a_board_ = false;
};

}  // namespace tinyhil
