// SPDX-License-Identifier: Apache-2.0
#include "live_scores.hpp"

#include <span>

#include "base/error.hpp"
#include "metric/rows.hpp"
#include "model/task.hpp"

namespace tinyhil::campaign {

namespace {

bool can_be_scored(const TrialInfo& info, const VectorSet& vectors) {
  if (info.role != TrialRole::subject || info.output == TensorList()) return false;
  try {
    vectors.task->check_output(info.model, info.output, vectors);
    return true;
  } catch (const Error&) {  // it is told where the run is judged
    return false;
  }
}

}  // namespace

void LiveScores::begin(std::int64_t trial, const TrialInfo& info) {
  if (can_be_scored(info, vectors_)) trials_[trial] = std::make_unique<ScoredTrial>(info, vectors_);
}

void LiveScores::add(std::int64_t trial, const InferenceRows& rows) {
  const auto found = trials_.find(trial);
  if (found == trials_.end()) return;
  for (std::size_t row = 0; row < rows.size(); ++row) add_row(*found->second, rows, row);
}

void LiveScores::add_row(ScoredTrial& trial, const InferenceRows& rows, std::size_t row) {
  const std::uint32_t vector = rows.vector[row];
  if (trial.is_scored.at(vector)) return;
  const RowStatus status{rows.status[row]};
  const auto output = std::span(rows.outputs).subspan(row * rows.output_size, rows.output_size);
  const bool is_answer = metric::gave_output(status) && metric::is_meaningful(trial.info, output);
  if (!is_answer && status != RowStatus::quarantined) return;
  trial.is_scored[vector] = true;
  ++trial.score.scored;
  if (is_answer) trial.score.sum += double{trial.scorer.score(output, vector).score};
}

ScoreSoFar LiveScores::of(const std::string& board, const std::string& model) const {
  ScoreSoFar sum;
  for (const auto& [number, trial] : trials_) {
    if (trial->info.board.name != board || trial->info.model != model) continue;
    sum.scored += trial->score.scored;
    sum.sum += trial->score.sum;
  }
  return sum;
}

}  // namespace tinyhil::campaign
