// SPDX-License-Identifier: Apache-2.0
#include "run_trials.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "metric/pooled.hpp"

namespace tinyhil::campaign {
namespace {

Trial without_rows(const ModelFile& model, const std::string& board, const VectorSet& vectors) {
  Trial missing;
  missing.info.model = model.name;
  missing.info.board.name = board;
  missing.info.vectors_digest = vectors.digest;
  missing.info.vector_count = vectors.count;
  missing.state = TrialState::interrupted;
  return missing;
}

void check_same(const Trial& trial, const ModelFile& model, const VectorSet& vectors) {
  if (trial.info.vectors_digest != vectors.digest) {
    throw Error(ErrorKind::usage,
                "the stored results are of other vectors (" + trial.info.vectors_digest.short_hex() + ")",
                vectors.file.string(), "judge with the vectors of that run, or run the campaign again");
  }
  if (trial.info.vector_count != vectors.count) {
    throw Error(ErrorKind::bench_fault,
                "the stored results are of " + std::to_string(trial.info.vector_count) + " of these " +
                    std::to_string(vectors.count) + " vectors",
                "trial " + std::to_string(trial.id),
                "restore a copy of the database, or run the campaign again");
  }
  if (trial.info.model_digest != Digest{} && trial.info.model_digest != model.digest) {
    throw Error(ErrorKind::usage,
                "the stored results are of another `" + model.name + "` (" +
                    trial.info.model_digest.short_hex() + ")",
                model.file.string(), "judge with the model of that run, or run the campaign again");
  }
}

Error missing_image(const ModelFile& model, const Campaign& campaign) {
  return Error(ErrorKind::not_run_yet,
               "the image of `" + model.name + "` (" + model.digest.short_hex() + ") has not run yet",
               campaign.file.string(),
               "put " + model.file.string() + " on the board, then: tinyhil run " + campaign.file.string() +
                   " --resume");
}

std::string obstacle(const TrialInfo& a, const TrialInfo& b) {
  if (a.polled != b.polled && a.board.provenance == Provenance::real) {
    return "a debug probe reads the memory of `" + (a.polled ? a : b).board.name +
           "` while models run, and not that of `" + (a.polled ? b : a).board.name + "`";
  }
  if (a.output == b.output && a.top_k == b.top_k && a.repeats == b.repeats && a.mode == b.mode)
    return pooling_obstacle(a.board, b.board);
  return "`" + a.model + "` gives other outputs on `" + b.board.name + "` than on `" + a.board.name + "`";
}

// Every board has scorecards of its own over all vectors.
void check_size(std::size_t boards, const Inputs& inputs) {
  constexpr std::size_t kMost = 200'000'000;
  if (boards == 1 || boards * inputs.vectors.count <= kMost) return;
  throw Error(ErrorKind::usage,
              std::to_string(boards) + " boards with " + std::to_string(inputs.vectors.count) +
                  " vectors are more than can be judged together",
              inputs.campaign.file.string(),
              "divide the vectors among several campaigns, or use fewer boards");
}

// Those that have met a board.
void check_alike(const std::vector<const Trial*>& boards, const Campaign& campaign) {
  const Trial* first = nullptr;
  for (const Trial* trial : boards) {
    if (trial->rows.size() == 0) continue;
    if (first == nullptr) first = trial;
    const std::string unlike = obstacle(first->info, trial->info);
    if (unlike.empty()) continue;
    throw Error(ErrorKind::usage, "the stored results are of unlike boards: " + unlike,
                campaign.file.string(), "run the campaign again on boards of one kind with one firmware");
  }
}

}  // namespace

RunTrials::RunTrials(std::vector<Trial> stored, const RunRecord& run, const Inputs& inputs,
                     std::optional<std::uint64_t> end_at)
    : boards_(run.boards.empty() ? std::vector<std::string>{""} : run.boards), stored_(std::move(stored)) {
  check_size(boards_.size(), inputs);
  if (stored_.empty()) {  // it ended before any model was loaded
    throw Error(ErrorKind::usage, "run " + std::to_string(run.id) + " has no results",
                inputs.campaign.file.string(), "run the campaign again, or name another run with --run");
  }
  if (boards_.size() > 1) forget_false_starts();
  for (const ModelFile& model : inputs.campaign.models) complete_model(model, inputs);
  for (Trial& trial : stored_) {
    if (!end_at || trial.state == TrialState::faulted || trial.info.role != TrialRole::subject) continue;
    trial.state = TrialState::complete;
    trial.drawn = end_at;
  }
  if (boards_.size() == 1) return;
  owners_.emplace(stored_, boards_, inputs.vectors.count);
  close_what_was_left(inputs);
  pool(inputs);
}

// A board that failed before its first model was ready, and was there when the run was taken up.
void RunTrials::forget_false_starts() {
  std::vector<Trial> kept;
  for (std::size_t i = 0; i < stored_.size(); ++i) {
    const Trial& trial = stored_[i];
    const bool is_false_start = trial.rows.size() == 0 && trial.info.output == TensorList();
    const bool is_followed = std::any_of(
        stored_.begin() + static_cast<std::ptrdiff_t>(i) + 1, stored_.end(), [&](const Trial& later) {
          return later.info.model == trial.info.model && later.info.role == trial.info.role &&
                 later.info.board.name == trial.info.board.name;
        });
    if (!is_false_start || !is_followed) kept.push_back(std::move(stored_[i]));
  }
  stored_ = std::move(kept);
}

const Trial* RunTrials::whole(const std::string& model) const {
  const auto found = std::ranges::find_if(stored_, [&](const Trial& trial) {
    return trial.info.model == model && trial.info.role == TrialRole::subject &&
           trial.state == TrialState::complete;
  });
  return found == stored_.end() ? nullptr : &*found;
}

// On whatever boards: a trial that is complete says how many there are.
bool RunTrials::has_all_rows(const std::string& model) const {
  const Trial* of_one = whole(model);
  if (of_one == nullptr) return false;
  std::uint64_t rows = 0;
  for (std::size_t board = 0; board < boards_.size(); ++board) {
    for (const std::uint32_t vector : of(model, boards_[board]).rows.vector)
      rows += owners_->owner(vector) == board ? 1 : 0;
  }
  const TrialInfo& info = of_one->info;
  return rows == of_one->drawn.value_or(info.vector_count) * static_cast<std::uint64_t>(info.repeats);
}

// A baseline that failed on one board only was failed by that board, with whatever else ran there.
void RunTrials::close_what_was_left(const Inputs& inputs) {
  const std::string& baseline = inputs.campaign.baseline;
  for (const ModelFile& model : inputs.campaign.models) {
    const bool has_failed = model.name != baseline && std::ranges::any_of(stored_, [&](const Trial& trial) {
                              return trial.info.model == model.name && trial.state == TrialState::faulted;
                            });
    if (!has_failed && !has_all_rows(model.name)) return;
  }
  for (const Trial& trial : stored_) {
    if (trial.info.role != TrialRole::subject || trial.state == TrialState::complete) continue;
    if (trial.state != TrialState::faulted || trial.info.model == baseline)
      left_.insert(trial.info.board.name);
  }
  for (Trial& trial : stored_) {
    const bool is_subject = trial.info.role == TrialRole::subject;
    if (!is_subject || trial.state == TrialState::complete || !has_left(trial.info.board.name)) continue;
    const Trial* of_one = whole(trial.info.model);
    if (of_one == nullptr) continue;
    if (trial.fault)
      trial.survived.push_back({*std::exchange(trial.fault, std::nullopt), std::nullopt, false});
    trial.state = TrialState::complete;
    trial.drawn = of_one->drawn;
  }
}

void RunTrials::pool(const Inputs& inputs) {
  for (const ModelFile& model : inputs.campaign.models) {
    std::vector<const Trial*> each;
    for (const std::string& board : boards_) each.push_back(&of(model.name, board));
    check_alike(each, inputs.campaign);
    pooled_.push_back(metric::pooled(each, owners_->all()));
  }
}

void RunTrials::complete_model(const ModelFile& model, const Inputs& inputs) {
  for (const std::string& board : boards_) {
    const Trial* found = find(model.name, board, TrialRole::subject);
    if (found != nullptr) {
      check_same(*found, model, inputs.vectors);
    } else if (model.is_image) {
      throw missing_image(model, inputs.campaign);
    } else {
      stored_.push_back(without_rows(model, board, inputs.vectors));
    }
  }
}

const Trial* RunTrials::find(const std::string& model, const std::string& board, TrialRole role) const {
  const auto found = std::ranges::find_if(stored_, [&](const Trial& trial) {
    return trial.info.model == model && trial.info.role == role &&
           (boards_.size() == 1 || trial.info.board.name == board);
  });
  return found == stored_.end() ? nullptr : &*found;
}

const Trial& RunTrials::of(const std::string& model) const {
  if (pooled_.empty()) return of(model, boards_.front());
  const auto found = std::ranges::find(pooled_, model, [](const Trial& trial) { return trial.info.model; });
  assert(found != pooled_.end());
  return *found;
}

const Trial& RunTrials::of(const std::string& model, const std::string& board) const {
  const Trial* found = find(model, board, TrialRole::subject);
  assert(found != nullptr);
  return *found;
}

std::vector<BoardIdentity> RunTrials::identities() const {
  std::vector<BoardIdentity> identities;
  for (const Trial& trial : stored_) {
    const BoardIdentity& board = trial.info.board;
    const bool known = std::ranges::any_of(identities, [&](const BoardIdentity& other) {
      return other.name == board.name && other.kind == board.kind && other.serial == board.serial &&
             other.provenance == board.provenance && other.image == board.image;
    });
    if (!known && trial.id != 0) identities.push_back(board);  // 0: a trial that never began
  }
  return identities;
}

const Trial* RunTrials::control(const std::string& board) const {
  const auto found = std::ranges::find_if(stored_, [&](const Trial& trial) {
    return trial.info.role == TrialRole::control && (boards_.size() == 1 || trial.info.board.name == board);
  });
  return found == stored_.end() ? nullptr : &*found;
}

}  // namespace tinyhil::campaign
