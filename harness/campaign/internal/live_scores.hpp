// SPDX-License-Identifier: Apache-2.0
// How well the models answer so far, for who watches a run: the mean that the scorecard will have, of the
// vectors that have come. Nothing is judged by it. Example:
//
//   LiveScores scores(vectors);
//   scores.begin(trial, info);
//   scores.add(trial, rows);
//   scores.of("m4", "slim");  // {480, 447.0}
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "metric/output_scorer.hpp"
#include "model/inference_rows.hpp"
#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::campaign {

struct ScoreSoFar {
  std::uint64_t scored = 0;  // vectors that were answered, or brought the device down
  double sum = 0;            // of their scores, each 0 to 1
};

class LiveScores {
 public:
  explicit LiveScores(const VectorSet& vectors) : vectors_(vectors) {}  // lent

  // Of a trial that was begun before, too. A control, and a model whose outputs the task cannot score, have
  // no score.
  void begin(std::int64_t trial, const TrialInfo& info);
  // `rows`: by numbers in the vector file. A vector counts by its first answer.
  void add(std::int64_t trial, const InferenceRows& rows);
  ScoreSoFar of(const std::string& board, const std::string& model) const;

 private:
  // Not to be moved: the scorer reads from the trial beside it.
  struct ScoredTrial {
    ScoredTrial(TrialInfo of, const VectorSet& vectors)
        : info(std::move(of)), scorer(info, vectors), is_scored(vectors.count) {}
    const TrialInfo info;
    metric::OutputScorer scorer;
    std::vector<bool> is_scored;
    ScoreSoFar score{};
  };
  static void add_row(ScoredTrial& trial, const InferenceRows& rows, std::size_t row);

  const VectorSet& vectors_;
  std::map<std::int64_t, std::unique_ptr<ScoredTrial>> trials_;
};

}  // namespace tinyhil::campaign
