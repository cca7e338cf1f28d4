// SPDX-License-Identifier: Apache-2.0
// A campaign's run under way, on an executor of the caller's: its boards are driven there, and what blocks
// has threads of its own. Example:
//
//   asio::io_context io(1);
//   Execution execution(io.get_executor(), inputs, boards, {store, run}, print_event);
//   asio::co_spawn(io, execution.run(), keep_failure);
//   io.run();
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <exception>
#include <vector>

#include "campaign/internal/drawn_vectors.hpp"
#include "campaign/internal/early_stop.hpp"
#include "campaign/internal/runner.hpp"
#include "campaign/internal/shared_vectors.hpp"
#include "inputs.hpp"
#include "model/inference_rows.hpp"
#include "run_events.hpp"
#include "run_writer.hpp"

namespace tinyhil::campaign {

class LiveScores;

// What is to be run where, and where results go. All is lent.
struct PlannedRun {
  const Inputs& inputs;
  std::vector<const Board*> boards;
  StoredRun stored;
};

// Runs the campaign on the board, or on several at a time, which take the vectors from each other's reach as
// they are free, and stores what it yields, except what is stored already. All that is lent must outlive it,
// and it must outlive its run(). One thread of the executor at a time.
class Execution {
 public:
  // Throws as check_same_sampling().
  Execution(asio::any_io_executor executor, const PlannedRun& run, Watch watch);
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // To be called once. Returns when it has come to its end: every candidate is settled, or all vectors were
  // run. Throws Error(interrupted) after interrupt() or when it is cancelled, Error(hung_up) after hang_up(),
  // Error(time_limit) at the campaign's own limit, the Error of the store, or of the last board when all have
  // failed, and Error(usage) when the boards are not alike. A board that fails as the bench does when others
  // are there leaves them what it has not run; but a new run does not begin without all of its boards, and
  // boards that change their firmware do not take over from each other. However it ends, what was whole is
  // stored then, and the run can be resumed.
  asio::awaitable<void> run();

  void interrupt() { stop(Stop::interrupted); }
  void hang_up() { stop(Stop::hung_up); }  // the terminal is gone

  bool has_touched_a_board() const { return has_touched_a_board_; }  // opened it, to speak to it

  // It ended undecided, as the time on the device is over, and may be resumed.
  bool is_out_of_time() const { return early_.is_out_of_time(); }

 private:
  enum class Stop { none, interrupted, hung_up, time_limit };
  class Sink;
  struct BoardRun;

  void add_boards(const std::vector<Trial>& earlier, const std::vector<Recording>& recordings);
  void share_vectors();
  bool can_go_on_without(const Error& error) const;
  void leave_behind(BoardRun& run, const Error& why);
  asio::awaitable<void> run_vectors(BoardRun& run);
  asio::awaitable<void> run_board(BoardRun& run);
  asio::awaitable<std::unique_ptr<device::Device>> touch(BoardRun& run);
  void start(BoardRun& run);
  bool changes_images() const;  // on each board, which then has one of them at a time
  asio::awaitable<void> wait_for_boards();
  asio::awaitable<Settled> look(std::uint64_t drawn);
  void stop(Stop reason);
  void fail(std::exception_ptr failure);
  void tell(const RunEvent& event);
  void tell_progress(const std::string& board, const Progress& progress);
  void tell_rows(const TrialInfo& trial, InferenceRows rows);
  asio::awaitable<void> finish();
  [[noreturn]] void throw_stopped(Stop reason);

  asio::any_io_executor executor_;
  const Inputs& inputs_;
  const std::vector<const Board*> boards_;
  RunRecord& run_;
  EarlyStop early_;
  Watch watch_;
  RunWriter writer_;
  asio::steady_timer time_limit_;
  asio::steady_timer boards_ended_;
  LookMeeting meeting_;
  std::unique_ptr<LiveScores> scores_;
  std::unique_ptr<TrialSink> sink_;
  // Where boards take vectors from each other.
  std::optional<DrawnVectors> drawn_;
  std::optional<SharedVectors> shared_;
  std::deque<BoardRun> board_runs_;
  std::size_t running_ = 0;
  std::size_t left_behind_ = 0;  // boards that have failed
  Stop stop_ = Stop::none;
  std::exception_ptr failure_;
  bool is_under_way_ = false;
  bool has_touched_a_board_ = false;
};

}  // namespace tinyhil::campaign
