// SPDX-License-Identifier: Apache-2.0
#include "metric.hpp"

#include <cassert>

#include "accuracy.hpp"
#include "alike.hpp"
#include "golden.hpp"
#include "measure.hpp"
#include "rows.hpp"

namespace tinyhil {
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
  check_classes(trial, vectors);
  const Rows rows(trial);
  Scorecard card;
  card.info = trial.info;
  card.state = trial.state;
  card.fault = trial.fault;
  card.drawn = trial.drawn.value_or(vectors.count);
  card.survived = trial.survived;
  count_rows(rows, card);
  card.nondeterministic = nondeterministic_vectors(rows);
  card.predicted = predictions(rows, vectors.count, trial.drawn ? Scorecard::kNotRun : Scorecard::kMissing);
  card.right_repeats = right_repeats(rows, vectors);
  card.by_right_repeats = by_right_repeats(card.right_repeats, card.predicted, trial.info.repeats);
  card.quarantined = quarantined(card.predicted);
  card.expected = vectors.labels;
  card.classes = vectors.classes;
  card.confusion = confusion(card.predicted, vectors);
  card.accuracy = accuracy(card.predicted, vectors);
  card.slices = slice_scores(card.predicted, vectors);
  card.latency = measure(rows, trial.info, latency_of_rows());
  for (const RowQuantity& quantity : further) {
    Measured found = measure(rows, trial.info, quantity);
    if (found.steps_per_base != 0) card.further.push_back(std::move(found));
  }
  // A refused model has no output to compare; the gate then finds no golden score, and the fault.
  if (golden && rows.size() != 0) card.golden = golden_score(rows, trial.info.output, vectors, *golden);
  return card;
}

}  // namespace tinyhil
