// SPDX-License-Identifier: Apache-2.0
#include "scores.hpp"

#include <algorithm>

#include "metric/output_scorer.hpp"
#include "model/inference_rows.hpp"
#include "model/task.hpp"
#include "stats/intervals.hpp"

namespace tinyhil::metric {

namespace {

Proportion mean_of(double sum, std::uint64_t n, const TaskTraits& task) {
  return task.is_right_or_wrong ? stats::proportion(static_cast<std::uint64_t>(sum), n)
                                : stats::bounded_mean(sum, n);
}

}  // namespace

void score_vectors(const Rows& rows, const VectorSet& vectors, Answer without_rows, Scorecard& card) {
  OutputScorer scorer(rows.info(), vectors);
  card.answers.assign(vectors.count, without_rows);
  card.scores.assign(vectors.count, 0);
  card.right_repeats.assign(vectors.count, 0);
  if (card.task.has_classes) card.predicted.assign(vectors.count, Scorecard::kNoClass);
  const auto set = [&](std::size_t vector, Answer answer, ScoredAnswer scored = {}) {
    card.answers[vector] = answer;
    card.scores[vector] = scored.score;
    if (card.task.has_classes) card.predicted[vector] = scored.predicted;
  };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::uint32_t vector = rows.vector(row);
    if (card.answers[vector] == Answer::not_run) card.answers[vector] = Answer::missing;
    if (rows.status(row) == RowStatus::quarantined) set(vector, Answer::quarantined);
    if (!rows.usable(row)) continue;
    const ScoredAnswer scored = scorer.score(rows.output(row), vector);
    card.right_repeats[vector] += scored.score == 1;
    if (card.answers[vector] == Answer::missing) set(vector, Answer::given, scored);
  }
}

std::vector<std::uint64_t> by_right_repeats(const Scorecard& card, int repeats) {
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(repeats) + 1);
  for (std::size_t i = 0; i < card.right_repeats.size(); ++i) {
    if (was_run(card, i)) ++counts[std::min<std::size_t>(card.right_repeats[i], counts.size() - 1)];
  }
  return counts;
}

std::vector<std::uint32_t> quarantined(const Scorecard& card) {
  std::vector<std::uint32_t> vectors;
  for (std::uint32_t i = 0; i < card.answers.size(); ++i) {
    if (card.answers[i] == Answer::quarantined) vectors.push_back(i);
  }
  return vectors;
}

std::vector<std::uint64_t> confusion(const Scorecard& card, const VectorSet& vectors) {
  const std::size_t classes = vectors.classes.size();
  std::vector<std::uint64_t> table(classes * classes);
  for (std::size_t i = 0; i < card.predicted.size(); ++i) {
    if (card.predicted[i] < classes) ++table[vectors.labels[i] * classes + card.predicted[i]];
  }
  return table;
}

Proportion accuracy(const Scorecard& card) {
  double sum = 0;
  std::uint64_t scored = 0;
  for (std::size_t i = 0; i < card.scores.size(); ++i) {
    if (!was_scored(card, i)) continue;
    ++scored;
    sum += double{card.scores[i]};
  }
  return mean_of(sum, scored, card.task);
}

std::vector<SliceScore> slice_scores(const Scorecard& card, const VectorSet& vectors) {
  std::vector<SliceScore> scores;
  for (const Slice& slice : vectors.slices) {
    std::vector<double> sum(slice.values.size());
    std::vector<std::uint64_t> scored(slice.values.size());
    for (std::size_t i = 0; i < card.scores.size(); ++i) {
      if (!was_scored(card, i)) continue;
      ++scored[slice.code[i]];
      sum[slice.code[i]] += double{card.scores[i]};
    }
    for (std::size_t value = 0; value < slice.values.size(); ++value) {
      scores.push_back({slice.name, slice.values[value], mean_of(sum[value], scored[value], card.task)});
    }
  }
  return scores;
}

}  // namespace tinyhil::metric
