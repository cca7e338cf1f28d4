// SPDX-License-Identifier: Apache-2.0
// What an Execution does with each of its boards.
#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <iterator>

#include "board_run.hpp"
#include "campaign/internal/live_scores.hpp"
#include "campaign/open_device.hpp"
#include "model/task.hpp"

namespace tinyhil::campaign {

namespace {

// Enough for a signed-rank test at one in a thousand, and little beside a campaign.
constexpr std::uint64_t kControlVectors = 64;

std::vector<Trial> trials_on(const std::vector<Trial>& trials, const Board& board, bool of_several) {
  std::vector<Trial> own;
  std::ranges::copy_if(trials, std::back_inserter(own), [&](const Trial& trial) {
    return !of_several || trial.info.board.name == board.name;
  });
  return own;
}

std::vector<Recording> recordings_on(const std::vector<Recording>& recordings, const Board& board) {
  std::vector<Recording> own;
  std::ranges::copy_if(recordings, std::back_inserter(own),
                       [&](const Recording& recording) { return recording.info.board == board.name; });
  return own;
}

std::filesystem::path traces_beside(const std::filesystem::path& store) {
  return store.parent_path() / "traces";
}

}  // namespace

void Execution::add_boards(const std::vector<Trial>& earlier, const std::vector<Recording>& recordings) {
  const bool is_shared = !run_.boards.empty() && !inputs_.campaign.compares_images();
  const ModelInputs inputs = model_inputs(inputs_.models);
  if (is_shared) drawn_.emplace(inputs_.vectors, early_.order(), inputs_.campaign, inputs);
  for (const Trial& trial : earlier) {
    scores_->begin(trial.id, trial.info);
    scores_->add(trial.id, trial.rows);
  }
  for (std::size_t i = 0; i < boards_.size(); ++i) {
    BoardRun& run = board_runs_.emplace_back(i, *boards_[i], faults_beside(writer_.place()));
    Board& board = run.board;
    if (inputs_.campaign.energy && board.meter) {
      run.energy = std::make_unique<EnergyRun>(
          executor_,
          EnergySetup{inputs_.campaign, inputs_.vectors, inputs, board, [this, &run] { return touch(run); },
                      recordings_on(recordings, board), traces_beside(writer_.place()),
                      [this] { return run_.id; }},
          writer_);
      board.activity = run.energy->activity();
    }
    run.setup.emplace(
        RunSetup{inputs_.campaign, inputs_.vectors, board, [this, &run] { return touch(run); },
                 [this, &board](const Progress& progress) { tell_progress(board.name, progress); },
                 trials_on(earlier, board, !run_.boards.empty()), early_.order(), early_.looks(), &meeting_,
                 kControlVectors, is_shared ? sampling::Share{} : sampling::Share{i, boards_.size()}});
    if (is_shared) {
      run.setup->drawn = &*drawn_;
      run.setup->take = [this, i](sampling::PortionWish wish) { return shared_->take(i, wish); };
    }
    if (run.firmware.can_be_put() && inputs_.campaign.compares_images()) {
      for (const ModelFile& model : inputs_.campaign.models) require_addresses(*model.image);
      run.setup->put_image = [&run](const FirmwareImage& image) { run.firmware.want(image); };
    }
    run.setup->keep_core = [this, &run](std::span<const std::uint8_t> file) {
      return run.fault_files.keep_core(run_.id, file);
    };
    run.setup->inputs = inputs;
    run.setup->read_back = [&run] { return run.firmware.take_proofs(); };
    run.runner.emplace(*run.setup, *sink_);
  }
  if (is_shared) share_vectors();
}

// The baseline's second time is no progress of the baseline.
void Execution::tell_progress(const std::string& board, const Progress& progress) {
  if (progress.role == TrialRole::control) return;
  const ScoreSoFar so_far = scores_->of(board, progress.model);
  tell(event::Progressed{board, progress.model, progress.done, progress.total, so_far.scored, so_far.sum,
                         inputs_.vectors.task->traits().measure});
}

// But for those that one of the boards has run before.
void Execution::share_vectors() {
  std::vector<bool> stored(inputs_.vectors.count);
  for (std::uint32_t at = 0; at < stored.size(); ++at) {
    stored[at] = std::ranges::any_of(
        board_runs_, [&](const BoardRun& run) { return run.runner->has_run(OrderPosition{at}); });
  }
  shared_.emplace(executor_, sampling::VectorPool(boards_.size(), std::move(stored)));
}

bool Execution::changes_images() const {
  return std::ranges::all_of(board_runs_, [](const BoardRun& run) { return bool(run.setup->put_image); });
}

// A board that does not answer costs its deadline and nothing else: its firmware is proven and the line
// opened by a thread of its own.
asio::awaitable<std::unique_ptr<device::Device>> Execution::touch(BoardRun& run) {
  const auto open = [executor = executor_, &run] {
    run.firmware.prove();
    return open_device(executor, run.board);
  };
  try {
    std::unique_ptr<device::Device> device = co_await run.opener.run(open);
    has_touched_a_board_ = true;
    co_return device;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::wrong_image) has_touched_a_board_ = true;
    throw;
  }
}

// A board that is missing at the beginning costs nothing yet, and may be a mistake.
bool Execution::can_go_on_without(const Error& error) const {
  const bool has_begun = meeting_.has_gathered() || run_.id != 0;
  const bool others_are_there = left_behind_ + 1 < boards_.size();
  return shared_ && has_begun && others_are_there && error.kind() == ErrorKind::bench_fault && !failure_ &&
         stop_ == Stop::none;
}

void Execution::leave_behind(BoardRun& run, const Error& why) {
  ++left_behind_;
  shared_->leave(run.index,
                 [&](std::uint32_t position) { return run.runner->has_run(OrderPosition{position}); });
  run.runner->leave({FaultKind::gone,
                     std::string("the board failed, and the others went on without it: ") + why.what(),
                     why.where(), why.remedy()});
  run.runner->let_go();
  meeting_.leave();
  tell(event::BoardLeft{run.board.name, why.what(), why.where(), why.remedy()});
}

asio::awaitable<void> Execution::run_vectors(BoardRun& run) {
  std::optional<Error> failed;
  try {
    co_await run.runner->run();
  } catch (const Error& error) {
    if (!can_go_on_without(error)) throw;
    failed = error;
  }
  if (failed) {
    leave_behind(run, *failed);
  } else if (shared_) {
    shared_->leave(run.index, [](std::uint32_t) { return true; });
    meeting_.leave();
  }
  run.has_left = failed.has_value();
}

// The meter comes first: it may supply the board. What a board did that failed a model, it would do again.
asio::awaitable<void> Execution::run_board(BoardRun& run) {
  if (run.energy) co_await run.energy->prepare();
  co_await run_vectors(run);
  if (!run.energy || run.has_left || run.runner->has_faulted()) co_return;
  run.runner->let_go();
  tell(event::Metering{run.board.name});
  co_await run.energy->run(run.runner->steady_vectors(inputs_.campaign.energy->vectors));
}

void Execution::start(BoardRun& run) {
  ++running_;
  const auto on_end = [this](std::exception_ptr thrown) {
    if (--running_ == 0) boards_ended_.cancel();
    if (thrown) fail(thrown);
  };
  asio::co_spawn(executor_, run_board(run), asio::bind_cancellation_slot(run.cancel.slot(), on_end));
}

}  // namespace tinyhil::campaign
