// SPDX-License-Identifier: Apache-2.0
#include "execution.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "identity_check.hpp"
#include "mistakes.hpp"
#include "open_device.hpp"

namespace tinyhil {

namespace {

// Enough for a signed-rank test at one in a thousand, and little beside a campaign.
constexpr std::uint64_t kControlVectors = 64;

std::vector<Trial> trials_on(const RunStore& store, std::int64_t run, const Board& board, std::size_t boards) {
  if (run == 0) return {};
  std::vector<Trial> trials = store.trials(run);
  if (boards > 1)
    std::erase_if(trials, [&](const Trial& trial) { return trial.info.board.name != board.name; });
  return trials;
}

}  // namespace

// A run's results, into the store; and its boards have to be alike.
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
    if (!first_) first_ = board;
    if (const std::string unlike = pooling_obstacle(*first_, board); !unlike.empty()) {
      throw Error(ErrorKind::usage, "the boards are not alike: " + unlike,
                  execution_.inputs_.campaign.file.string(),
                  "divide a campaign only among boards of one kind with one firmware");
    }
  }
  std::int64_t begin(const TrialInfo& info) override {
    RunRecord& run = execution_.run_;
    if (run.id == 0) run.id = execution_.store_.begin_run(run);
    const std::int64_t trial = execution_.store_.begin_trial(run.id, info);
    infos_[trial] = info;
    return trial;
  }
  void append(std::int64_t trial, const InferenceRows& rows) override {
    execution_.store_.append(trial, rows);
    if (execution_.watch_.rows) execution_.watch_.rows(infos_.at(trial), rows);
  }
  void survived(std::int64_t trial, const SurvivedFault& fault) override {
    execution_.store_.add_fault(trial, fault);
  }
  void end(std::int64_t trial, const TrialEnd& end) override { execution_.store_.end_trial(trial, end); }

  void know(const Trial& earlier) { infos_[earlier.id] = earlier.info; }

 private:
  Execution& execution_;
  std::optional<BoardIdentity> first_;
  std::map<std::string, std::string> board_of_serial_;
  std::map<std::int64_t, TrialInfo> infos_;  // by trial
};

// One board's part in a run. Not to be moved: the Runner lends the setup.
struct Execution::Seat {
  RunSetup setup;
  Runner runner;
  asio::cancellation_signal cancel;

  Seat(RunSetup made, TrialSink& sink) : setup(std::move(made)), runner(setup, sink) {}
};

Execution::Execution(const Inputs& inputs, const std::vector<const Board*>& boards, StoredRun run,
                     Watch watch)
    : inputs_(inputs),
      store_(run.store),
      run_(run.record),
      early_(inputs_, store_, run_),
      watch_(std::move(watch)),
      time_limit_(io_, inputs.campaign.time_limit),
      meeting_(io_.get_executor(), boards.size(),
               [this](std::uint64_t look) { return early_.settled(look); }),
      sink_(std::make_unique<Sink>(*this)),
      running_(boards.size()) {
  for (std::size_t i = 0; i < boards.size(); ++i) {
    const Board& board = *boards[i];
    std::vector<Trial> earlier = trials_on(store_, run_.id, board, boards.size());
    for (const Trial& trial : earlier) sink_->know(trial);
    seats_.emplace_back(RunSetup{inputs.campaign,
                                 inputs.vectors,
                                 board,
                                 [this, &board] { return touch(board); },
                                 [this, &board](const Progress& progress) {
                                   if (watch_.progress) watch_.progress(board.name, progress);
                                 },
                                 std::move(earlier),
                                 early_.order(),
                                 early_.looks(),
                                 &meeting_,
                                 kControlVectors,
                                 {i, boards.size()}},
                        *sink_);
  }
  time_limit_.async_wait([this](const boost::system::error_code& error) {
    if (!error) stop(Stop::time_limit);
  });
  for (Seat& seat : seats_) start(seat);
}

std::unique_ptr<Device> Execution::touch(const Board& board) {
  std::unique_ptr<Device> device = open_device(io_.get_executor(), board);
  has_touched_a_board_ = true;
  return device;
}

Execution::~Execution() {
  if (is_finished_) return;
  try {
    stop(Stop::interrupted);
    while (running_ > 0) io_.run_one();
    close_trials();
  } catch (const std::exception&) {  // a database that fails now has lost nothing: its trials stay open
  }
}

void Execution::start(Seat& seat) {
  const auto on_end = [this](std::exception_ptr thrown) {
    --running_;
    if (!thrown) return;
    if (!failure_) failure_ = thrown;
    asio::post(io_, [this] {
      for (Seat& each : seats_) each.cancel.emit(asio::cancellation_type::terminal);
    });
  };
  asio::co_spawn(io_, seat.runner.run(), asio::bind_cancellation_slot(seat.cancel.slot(), on_end));
}

void Execution::stop(Stop reason) {
  if (stop_ == Stop::none) stop_ = reason;
  for (Seat& seat : seats_) seat.cancel.emit(asio::cancellation_type::terminal);
}

bool Execution::go_on(std::chrono::milliseconds limit) {
  if (is_finished_) return false;
  const auto until = std::chrono::steady_clock::now() + limit;
  while (running_ > 0 && io_.run_one_until(until) > 0) {
  }
  if (running_ > 0) return true;
  finish();
  return false;
}

void Execution::finish() {
  is_finished_ = true;
  if (stop_ == Stop::none && !failure_) {
    if (!early_.is_out_of_time() && !awaits_image()) store_.end_run(run_.id);
    return;
  }
  close_trials();
  if (stop_ == Stop::none) std::rethrow_exception(failure_);
  throw_stopped();
}

// Another firmware image that has to be put on the board first; the run is taken up then.
bool Execution::awaits_image() const {
  if (!inputs_.campaign.compares_images()) return false;
  const std::vector<Trial> trials = store_.trials_without_rows(run_.id);
  return !std::ranges::all_of(inputs_.campaign.models, [&](const ModelFile& model) {
    return std::ranges::any_of(trials, [&](const Trial& trial) {
      const bool has_ended = trial.state == TrialState::complete || trial.state == TrialState::faulted;
      return trial.info.model == model.name && trial.info.role == TrialRole::subject && has_ended;
    });
  });
}

void Execution::close_trials() {
  for (Seat& seat : seats_) seat.runner.interrupt();
}

void Execution::throw_stopped() {
  const std::string kept =
      run_.id == 0 ? "nothing was measured" : "what was measured is stored as run " + std::to_string(run_.id);
  if (stop_ != Stop::time_limit) {
    const bool is_hung_up = stop_ == Stop::hung_up;
    throw Error(is_hung_up ? ErrorKind::hung_up : ErrorKind::interrupted,
                (is_hung_up ? "the terminal is gone; " : "interrupted; ") + kept,
                inputs_.campaign.file.string(), "run it again with --resume to go on where it stopped");
  }
  throw Error(ErrorKind::time_limit, "the campaign's time limit has passed; " + kept,
              inputs_.campaign.file.string(),
              "go on with --resume; or raise `time_limit` in the campaign, or use fewer vectors");
}

}  // namespace tinyhil
