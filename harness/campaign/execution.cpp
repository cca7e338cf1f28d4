// SPDX-License-Identifier: Apache-2.0
#include "execution.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <iterator>

#include "campaign/internal/board_run.hpp"
#include "campaign/internal/live_scores.hpp"
#include "identity_check.hpp"
#include "mistakes.hpp"
#include "model/inference_rows.hpp"
#include "open_device.hpp"

namespace tinyhil::campaign {

namespace {

// Another firmware image that has to be put on the board first; the run is taken up then.
bool awaits_image(const Campaign& campaign, const std::vector<Trial>& trials) {
  if (!campaign.compares_images()) return false;
  return !std::ranges::all_of(campaign.models, [&](const ModelFile& model) {
    return std::ranges::any_of(trials, [&](const Trial& trial) {
      const bool has_ended = trial.state == TrialState::complete || trial.state == TrialState::faulted;
      return trial.info.model == model.name && trial.info.role == TrialRole::subject && has_ended;
    });
  });
}

}  // namespace

// A run's results, to the writer; what a board does, to the watch; and the boards have to be alike.
class Execution::Sink : public TrialSink {
 public:
  explicit Sink(Execution& execution) : execution_(execution) {}

  void greeted(const BoardIdentity& board) override {
    refuse_unsupported(execution_.inputs_, board.engine);
    if (const auto other = board_of_serial_.find(board.serial);
        !board.serial.empty() && other != board_of_serial_.end() && other->second != board.name) {
      throw same_serial(other->second, board, "board " + board.name);
    }
    board_of_serial_.emplace(board.serial, board.name);
    const Digest image = execution_.changes_images() ? board.image : Digest{};
    const BoardIdentity& first = first_.try_emplace(image, board).first->second;
    if (const std::string unlike = pooling_obstacle(first, board); !unlike.empty()) {
      throw Error(ErrorKind::usage, "the boards are not alike: " + unlike,
                  execution_.inputs_.campaign.file.string(),
                  "divide a campaign only among boards of one kind with one firmware");
    }
    execution_.tell(event::Greeted{board});
  }
  void preparing(const std::string& board, const std::string& model) override {
    execution_.tell(event::Preparing{board, model});
  }
  void prepared(const std::string& board, const std::string& model, const LoadedModel& loaded) override {
    execution_.tell(event::Prepared{board, model, loaded.arena_used});
  }
  std::int64_t begin(const TrialInfo& info) override {
    const std::int64_t trial = execution_.writer_.begin(info);
    execution_.scores_->begin(trial, info);
    return trial;
  }
  void append(std::int64_t trial, const InferenceRows& rows) override {
    execution_.writer_.append(trial, rows);
    execution_.scores_->add(trial, rows);
  }
  void survived(std::int64_t trial, const SurvivedFault& fault) override {
    execution_.writer_.survived(trial, fault);
  }
  void end(std::int64_t trial, const TrialEnd& end) override { execution_.writer_.end(trial, end); }

 private:
  Execution& execution_;
  std::map<Digest, BoardIdentity> first_;  // of each image, where images take turns on a board
  std::map<std::string, std::string> board_of_serial_;
};

Execution::Execution(asio::any_io_executor executor, const PlannedRun& run, Watch watch)
    : executor_(std::move(executor)),
      inputs_(run.inputs),
      boards_(run.boards),
      run_(run.stored.record),
      early_(inputs_, run_),
      watch_(std::move(watch)),
      writer_(executor_, run.stored, early_.looks().size() > 1,
              {[this](const TrialInfo& trial, InferenceRows rows) { tell_rows(trial, std::move(rows)); },
               [this](const TrialInfo& trial, const SurvivedFault& fault) {
                 tell(event::FaultSurvived{trial.board.name, trial.model, fault});
               },
               [this](const TrialInfo& trial, const TrialEnd& end) {
                 tell(event::TrialEnded{trial.board.name, trial.model, trial.role, end});
               },
               [this](std::exception_ptr failure) { fail(std::move(failure)); }}),
      time_limit_(executor_),
      boards_ended_(executor_, asio::steady_timer::time_point::max()),
      meeting_(executor_, boards_.size(), [this](std::uint64_t drawn) { return look(drawn); }),
      scores_(std::make_unique<LiveScores>(inputs_.vectors)),
      sink_(std::make_unique<Sink>(*this)) {}

Execution::~Execution() { assert(!is_under_way_); }

asio::awaitable<void> Execution::run() {
  assert(!is_under_way_ && board_runs_.empty());
  is_under_way_ = true;
  co_await asio::this_coro::throw_if_cancelled(false);
  std::exception_ptr failure;
  try {
    const std::vector<Trial> earlier = co_await writer_.load_earlier();
    add_boards(earlier, co_await writer_.load_recordings());
    time_limit_.expires_after(inputs_.campaign.time_limit);
    time_limit_.async_wait([this](const boost::system::error_code& error) {
      if (!error) stop(Stop::time_limit);
    });
    if (stop_ == Stop::none)
      for (BoardRun& run : board_runs_) start(run);
    co_await wait_for_boards();
    co_await finish();
  } catch (...) {
    failure = std::current_exception();
  }
  is_under_way_ = false;
  if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> Execution::wait_for_boards() {
  while (running_ > 0) {
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      stop(Stop::interrupted);
    }
    boost::system::error_code woken;
    co_await boards_ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  time_limit_.cancel();
}

asio::awaitable<Settled> Execution::look(std::uint64_t drawn) {
  tell(event::Looked{drawn});
  const LookOutcome made =
      co_await writer_.ask([this, drawn](const RunRecord& run, store::RunStore&, RunSoFar& so_far) {
        return early_.settled(run, so_far.trials(), drawn);
      });
  for (const auto& [candidate, outcome] : made.decided) tell(event::Decided{candidate, outcome});
  co_return made.settled;
}

// Not at once: it may be one of the boards that asks for it.
void Execution::fail(std::exception_ptr failure) {
  if (failure_) return;
  failure_ = std::move(failure);
  asio::post(executor_, [this] {
    for (BoardRun& run : board_runs_) run.cancel.emit(asio::cancellation_type::terminal);
  });
}

void Execution::stop(Stop reason) {
  if (stop_ == Stop::none) stop_ = reason;
  for (BoardRun& run : board_runs_) run.cancel.emit(asio::cancellation_type::terminal);
}

void Execution::tell(const RunEvent& event) {
  if (!watch_) return;
  try {
    watch_(event);
  } catch (...) {
    fail(std::current_exception());
  }
}

void Execution::tell_rows(const TrialInfo& trial, InferenceRows rows) {
  std::vector<std::uint32_t> quarantined;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows.status[row] == static_cast<std::uint8_t>(RowStatus::quarantined) && rows.repeat[row] == 0)
      quarantined.push_back(rows.vector[row]);
  }
  tell(event::RowsStored{trial, std::move(rows)});
  for (const std::uint32_t vector : quarantined)
    tell(event::Quarantined{trial.board.name, trial.model, VectorNumber{vector}});
}

asio::awaitable<void> Execution::finish() {
  const Stop stopped = stop_;  // what comes later comes too late
  const bool is_whole = stopped == Stop::none && !failure_;
  if (!is_whole)
    for (BoardRun& run : board_runs_) run.runner->interrupt();
  const bool may_end = is_whole && !early_.is_out_of_time();
  bool is_stored = true;
  try {
    co_await writer_.ask([this, may_end](const RunRecord& run, store::RunStore& store, RunSoFar&) {
      if (may_end && !awaits_image(inputs_.campaign, store.trials_without_rows(run.id)))
        store.end_run(run.id);
      return true;
    });
  } catch (...) {  // not all that was measured; its trials stay open
    is_stored = false;
    failure_ = std::current_exception();
  }
  tell(event::RunEnded{run_.id});
  if (stopped != Stop::none && is_stored) throw_stopped(stopped);
  if (failure_) std::rethrow_exception(failure_);
}

void Execution::throw_stopped(Stop reason) {
  const std::string kept =
      run_.id == 0 ? "nothing was measured" : "what was measured is stored as run " + std::to_string(run_.id);
  if (reason != Stop::time_limit) {
    const bool is_hung_up = reason == Stop::hung_up;
    throw Error(is_hung_up ? ErrorKind::hung_up : ErrorKind::interrupted,
                (is_hung_up ? "the terminal is gone; " : "interrupted; ") + kept,
                inputs_.campaign.file.string(), "run it again with --resume to go on where it stopped");
  }
  throw Error(ErrorKind::time_limit, "the campaign's time limit has passed; " + kept,
              inputs_.campaign.file.string(),
              "go on with --resume; or raise `time_limit` in the campaign, or use fewer vectors");
}

}  // namespace tinyhil::campaign
