// SPDX-License-Identifier: Apache-2.0
#include "control.hpp"

#include <algorithm>
#include <cassert>

#include "metric/internal/alike.hpp"
#include "metric/internal/answers.hpp"
#include "rows.hpp"

namespace tinyhil::metric {
namespace {

class Run {
 public:
  Run(const Trial& trial, std::size_t vectors)
      : rows_(trial), answers_(answer_rows(rows_, vectors)), came_to_(vectors) {
    for (std::size_t row = 0; row < rows_.size(); ++row) came_to_[rows_.vector(row)] = true;
  }

  bool came_to(std::size_t vector) const { return came_to_[vector]; }
  bool answered(std::size_t vector) const { return answers_[vector] != kNoAnswer; }
  Output output(std::size_t vector) const { return rows_.output(answers_[vector]); }
  bool timed(std::size_t vector) const { return rows_.timed(answers_[vector]); }
  std::int64_t ticks(std::size_t vector) const { return rows_.ticks(answers_[vector]); }

 private:
  Rows rows_;
  std::vector<std::uint32_t> answers_;
  std::vector<bool> came_to_;
};

bool equal(Output a, Output b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

void note_unequal(std::uint32_t vector, std::uint64_t& count, ControlScore& score) {
  ++count;
  if (!score.first_unequal) score.first_unequal = vector;
}

void count(std::uint32_t vector, const Run& second, const Run& first, ControlScore& score) {
  if (second.answered(vector) != first.answered(vector))
    return note_unequal(vector, score.answered_once, score);
  if (!second.answered(vector)) return;
  ++score.n;
  if (!equal(second.output(vector), first.output(vector))) note_unequal(vector, score.differing, score);
  if (score.unlike_ticks.empty() && second.timed(vector) && first.timed(vector))
    score.tick_change.push_back(second.ticks(vector) - first.ticks(vector));
}

}  // namespace

ControlScore control_score(const Trial& control, const Trial& baseline, const VectorSet& vectors,
                           std::span<const std::uint32_t> order) {
  for (const Trial* trial : {&control, &baseline})
    assert(trial->info.vectors_digest == vectors.digest && trial->info.vector_count == vectors.count);
  ControlScore score;
  score.unlike_ticks = unlike_ticks(control.info, baseline.info);
  if (baseline.info.board.provenance == Provenance::process) {
    score.unlike_ticks = "a process on the host, whose other work moves every latency";
  }
  score.clock_hz = baseline.info.board.clock_hz;
  const Run second(control, vectors.count), first(baseline, vectors.count);
  for (const std::uint32_t vector : order) {
    if (second.came_to(vector) && first.came_to(vector)) count(vector, second, first, score);
  }
  return score;
}

}  // namespace tinyhil::metric
