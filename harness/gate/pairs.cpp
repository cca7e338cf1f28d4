// SPDX-License-Identifier: Apache-2.0
#include "pairs.hpp"

#include <algorithm>
#include <cassert>

#include "sample.hpp"

namespace tinyhil {

PairedScore paired_score(const PairCounts& counts) {
  const auto lost = static_cast<double>(counts.lost), gained = static_cast<double>(counts.gained);
  const auto both_right = static_cast<double>(counts.both_right);
  return {{lost, gained, static_cast<double>(counts.n())}, both_right + lost, both_right + gained};
}

PairedScore pair_all(const Evidence& evidence) {
  PairedScore score = paired_score(evidence.comparison.all);
  if (evidence.sample.sampling.claim == Claim::this_set) {
    score.differences = drawn_differences(evidence);
    score.of_set = evidence.vectors.count;
  }
  return score;
}

std::vector<PairedScore> pair_by_value(const Evidence& evidence, const Slice& slice) {
  const auto index = static_cast<std::size_t>(&slice - evidence.vectors.slices.data());
  assert(index < evidence.comparison.slices.size());
  std::vector<PairedScore> scores;
  for (const PairCounts& counts : evidence.comparison.slices[index]) scores.push_back(paired_score(counts));
  if (evidence.sample.sampling.claim != Claim::this_set) return scores;
  for (std::uint16_t value = 0; value < scores.size(); ++value) {
    scores[value].differences = drawn_differences(evidence, slice, value);
    scores[value].of_set =
        static_cast<std::uint64_t>(std::count(slice.code.begin(), slice.code.end(), value));
  }
  return scores;
}

}  // namespace tinyhil
