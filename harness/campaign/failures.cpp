// SPDX-License-Identifier: Apache-2.0
#include "failures.hpp"

#include <algorithm>

#include "campaign/internal/run_trials.hpp"
#include "metric/metric.hpp"
#include "metric/vector_answers.hpp"
#include "model/failed_vectors.hpp"

namespace tinyhil::campaign {
namespace {

// A model of the run: what it said, and what that is worth.
struct ScoredModel {
  ScoredModel(const Trial& trial, const VectorSet& vectors, const std::optional<std::string>& golden)
      : card(metric::score(trial, vectors, golden)), answers(trial, vectors, golden) {}

  ModelAnswer answer(std::uint32_t vector) const {
    ModelAnswer answer{card.answers[vector], card.scores[vector], {}, answers.output(vector), std::nullopt};
    if (answer.answer == Answer::given && card.task.has_classes &&
        card.predicted[vector] < card.classes.size())
      answer.predicted = card.classes[card.predicted[vector]];
    answer.is_golden = answers.is_golden(vector);
    return answer;
  }

  Scorecard card;
  metric::VectorAnswers answers;
};

ScoredModel scored(const RunTrials& trials, const Inputs& inputs, const std::string& model) {
  return {trials.of(model), inputs.vectors, inputs.campaign.model(model).golden};
}

std::vector<double> target_of(const VectorSet& vectors, std::uint32_t vector) {
  const std::size_t each = vectors.count == 0 ? 0 : vectors.targets.size() / vectors.count;
  const auto first = vectors.targets.begin() + static_cast<std::ptrdiff_t>(vector * each);
  return {first, first + static_cast<std::ptrdiff_t>(each)};
}

Failure failure_of(const FailedVector& failed, const VectorSet& vectors) {
  Failure failure;
  failure.vector = failed.vector;
  failure.is_lost = failed.is_lost;
  if (!vectors.labels.empty()) failure.expected = vectors.classes[vectors.labels[failed.vector]];
  failure.target = target_of(vectors, failed.vector);
  for (const Slice& slice : vectors.slices)
    failure.slices.emplace_back(slice.name, slice.values[slice.code[failed.vector]]);
  return failure;
}

CandidateFailures failures_of(const ScoredModel& candidate, const ScoredModel& baseline,
                              const VectorSet& vectors, std::size_t limit) {
  std::vector<FailedVector> failed = failed_vectors(candidate.card, baseline.card);
  CandidateFailures found;
  found.candidate = candidate.card.info.model;
  for (std::size_t i = 0; i < vectors.count; ++i) found.run += was_run(candidate.card, i) ? 1U : 0U;
  found.failed = failed.size();
  found.lost = count_lost(failed);
  failed.resize(std::min(failed.size(), limit));
  for (const FailedVector& each : failed) {
    Failure failure = failure_of(each, vectors);
    failure.baseline = baseline.answer(each.vector);
    failure.candidate = candidate.answer(each.vector);
    found.first.push_back(std::move(failure));
  }
  return found;
}

}  // namespace

std::vector<CandidateFailures> find_failures(const RunRecord& run, std::vector<Trial> trials,
                                             const Inputs& inputs, std::size_t limit) {
  const RunTrials of_run(std::move(trials), run, inputs);
  const ScoredModel baseline = scored(of_run, inputs, inputs.campaign.baseline);
  std::vector<CandidateFailures> found;
  for (const std::string& model : inputs.campaign.candidates)
    found.push_back(failures_of(scored(of_run, inputs, model), baseline, inputs.vectors, limit));
  return found;
}

}  // namespace tinyhil::campaign
