// SPDX-License-Identifier: Apache-2.0
#include "pairs.hpp"

#include <cassert>

namespace tinyhil {
namespace {

void count(PairedScore& score, bool baseline_right, bool candidate_right) {
  score.pairs.n += 1;
  score.pairs.lost += baseline_right && !candidate_right;
  score.pairs.gained += candidate_right && !baseline_right;
  score.baseline_right += baseline_right;
  score.candidate_right += candidate_right;
}

// Calls count(score_of(i), ...) for every vector i.
template <class ScoreOf>
void count_all(const Evidence& evidence, ScoreOf score_of) {
  const std::vector<std::uint16_t>& labels = evidence.vectors.labels;
  assert(evidence.candidate.predicted.size() == labels.size());
  assert(evidence.baseline.predicted.size() == labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    count(score_of(i), evidence.baseline.predicted[i] == labels[i],
          evidence.candidate.predicted[i] == labels[i]);
  }
}

}  // namespace

PairedScore pair_all(const Evidence& evidence) {
  PairedScore score;
  count_all(evidence, [&](std::size_t) -> PairedScore& { return score; });
  return score;
}

std::vector<PairedScore> pair_by_value(const Evidence& evidence, const Slice& slice) {
  std::vector<PairedScore> scores(slice.values.size());
  count_all(evidence, [&](std::size_t i) -> PairedScore& { return scores[slice.code[i]]; });
  return scores;
}

}  // namespace tinyhil
