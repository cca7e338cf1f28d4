// SPDX-License-Identifier: Apache-2.0
#include "metric.hpp"

#include <cassert>

#include "metric/internal/alike.hpp"
#include "metric/internal/golden.hpp"
#include "metric/internal/measure.hpp"
#include "metric/internal/scores.hpp"
#include "model/inference_rows.hpp"
#include "rows.hpp"

namespace tinyhil::metric {
namespace {

void count_rows(const Rows& rows, Scorecard& card) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows.usable(row)) {
      ++card.inferences;
    } else if (rows.status(row) == RowStatus::quarantined) {
      ++card.quarantined_inferences;
    } else {
      ++card.failed_inferences;
    }
  }
}

}  // namespace

Scorecard score(const Trial& trial, const VectorSet& vectors, const std::optional<std::string>& golden,
                const RowQuantities& further) {
  assert(trial.info.vectors_digest == vectors.digest && trial.info.vector_count == vectors.count);
  check_output(trial, vectors);
  const Rows rows(trial);
  Scorecard card;
  card.info = trial.info;
  card.task = vectors.task->traits();
  card.state = trial.state;
  card.fault = trial.fault;
  card.drawn = trial.drawn.value_or(vectors.count);
  card.survived = trial.survived;
  count_rows(rows, card);
  card.nondeterministic = nondeterministic_vectors(rows);
  score_vectors(rows, vectors, trial.drawn ? Answer::not_run : Answer::missing, card);
  card.by_right_repeats = by_right_repeats(card, trial.info.repeats);
  card.quarantined = quarantined(card);
  card.classes = vectors.classes;
  card.confusion = confusion(card, vectors);
  card.accuracy = accuracy(card);
  card.slices = slice_scores(card, vectors);
  card.latency = measure(rows, trial.info, latency_of_rows());
  for (const RowQuantity& quantity : further) {
    Measured found = measure(rows, trial.info, quantity);
    if (found.steps_per_base != 0) card.further.push_back(std::move(found));
  }
  // A refused model has no output to compare; the gate then finds no golden score, and the fault.
  if (golden && rows.size() != 0)
    card.golden = golden_score(rows, trial.info.output.front(), vectors, *golden);
  return card;
}

}  // namespace tinyhil::metric
