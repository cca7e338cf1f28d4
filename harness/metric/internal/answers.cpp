// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <cassert>

#include "model/inference_rows.hpp"

namespace tinyhil::metric {
namespace {

class ScoresOfClass {
 public:
  ScoresOfClass(const Trial& trial, std::size_t vectors, std::size_t of)
      : output_(trial.info.output.front()), rows_(trial), answers_(answer_rows(rows_, vectors)), of_(of) {}

  bool answered(std::size_t vector) const { return answers_[vector] != kNoAnswer; }
  // A single number rises towards the second of its two classes.
  double of(std::size_t vector) const {
    const Output output = rows_.output(answers_[vector]);
    if (output_.elements() > 1) return real_at(output_, output, of_);
    return of_ == 0 ? -real_at(output_, output, 0) : real_at(output_, output, 0);
  }

 private:
  const Tensor& output_;
  Rows rows_;
  std::vector<std::uint32_t> answers_;
  std::size_t of_;
};

}  // namespace

std::vector<std::uint32_t> answer_rows(const Rows& rows, std::size_t vectors) {
  std::vector<std::uint32_t> answers(vectors, kNoAnswer);
  for (std::size_t row = 0; row < rows.size();) {
    const std::size_t end = rows.end_of_vector(row);
    std::uint32_t& answer = answers.at(rows.vector(row));
    bool quarantined = false;
    for (; row < end; ++row) {
      quarantined = quarantined || rows.status(row) == RowStatus::quarantined;
      if (answer == kNoAnswer && rows.usable(row)) answer = static_cast<std::uint32_t>(row);
    }
    if (quarantined) answer = kNoAnswer;
  }
  return answers;
}

ClassScores class_scores(const Trial& candidate, const Trial& baseline, const VectorSet& vectors,
                         std::size_t of) {
  assert(of < vectors.classes.size());
  ClassScores scores;
  if (candidate.info.top_k > 0 || baseline.info.top_k > 0) return scores;
  const ScoresOfClass ours(candidate, vectors.count, of), theirs(baseline, vectors.count, of);
  for (std::size_t vector = 0; vector < vectors.count; ++vector) {
    if (!ours.answered(vector) || !theirs.answered(vector)) continue;
    scores.candidate.push_back(ours.of(vector));
    scores.baseline.push_back(theirs.of(vector));
    scores.is_class.push_back(vectors.labels[vector] == of);
  }
  return scores;
}

std::vector<std::int32_t> largest_steps(const Trial& candidate, const Trial& baseline, std::size_t vectors) {
  const Rows ours(candidate), theirs(baseline);
  const std::vector<std::uint32_t> our_rows = answer_rows(ours, vectors),
                                   their_rows = answer_rows(theirs, vectors);
  std::vector<std::int32_t> steps(vectors, Comparison::kNoStep);
  for (std::size_t i = 0; i < vectors; ++i) {
    if (our_rows[i] == kNoAnswer || their_rows[i] == kNoAnswer) continue;
    steps[i] = difference(theirs.dtype(), theirs.output(their_rows[i]), ours.output(our_rows[i])).max_lsb;
  }
  return steps;
}

}  // namespace tinyhil::metric
