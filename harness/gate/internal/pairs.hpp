// SPDX-License-Identifier: Apache-2.0
// Candidate and baseline on the same vectors, as the formulas want the counts.
#pragma once

#include <vector>

#include "gate/gate.hpp"
#include "gate/groups.hpp"
#include "stats/disagreement_first.hpp"
#include "stats/paired_mean.hpp"

namespace tinyhil::gate {

struct PairedScore {
  stats::Pairs pairs;  // as counted; of scores between 0 and 1, what was lost and gained of them
  stats::Pairs worth;  // scaled to the independent vectors that these are worth; the same without groups
  double baseline_right = 0;  // counts, or sums of scores
  double candidate_right = 0;
  bool is_right_or_wrong = true;
  // With Claim::this_set in random order: the differences in the order of drawing, and of how many vectors of
  // the set they are.
  std::vector<double> differences{};
  std::uint64_t of_set = 0;
  stats::DisagreementFirst apart{};  // with DrawOrder::disagreement_first: chosen vectors and others
  // Differences (gained - lost) by group, each vector a group of its own where scores are between 0 and 1.
  // None with Claim::this_set, which is of vectors.
  Groups groups{};
};

// A vector whose inference failed on the candidate, or crashed it, counts as wrong: that failure is the
// product's. judge() has seen to it that the baseline answered every vector.
PairedScore paired_score(const PairCounts& counts);

// Where the vectors come in groups, `worth` is what they are worth for bounds at the policy's alpha.
PairedScore pair_all(const Evidence& evidence);
std::vector<PairedScore> pair_by_value(const Evidence& evidence, const Slice& slice);  // one a value

}  // namespace tinyhil::gate
