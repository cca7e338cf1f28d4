// SPDX-License-Identifier: Apache-2.0
#include "pairs.hpp"

#include <cassert>

namespace tinyhil {

PairedScore paired_score(const PairCounts& counts) {
  const auto lost = static_cast<double>(counts.lost), gained = static_cast<double>(counts.gained);
  const auto both_right = static_cast<double>(counts.both_right);
  return {{lost, gained, static_cast<double>(counts.n())}, both_right + lost, both_right + gained};
}

PairedScore pair_all(const Evidence& evidence) { return paired_score(evidence.comparison.all); }

std::vector<PairedScore> pair_by_value(const Evidence& evidence, const Slice& slice) {
  const auto index = static_cast<std::size_t>(&slice - evidence.vectors.slices.data());
  assert(index < evidence.comparison.slices.size());
  std::vector<PairedScore> scores;
  for (const PairCounts& counts : evidence.comparison.slices[index]) scores.push_back(paired_score(counts));
  return scores;
}

}  // namespace tinyhil
