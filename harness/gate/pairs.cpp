// SPDX-License-Identifier: Apache-2.0
#include "pairs.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <unordered_map>

#include "stats/design_effect.hpp"

#include "sample.hpp"

namespace tinyhil {
namespace {

void count(PairCounts& counts, bool baseline_right, bool candidate_right) {
  counts.both_right += baseline_right && candidate_right;
  counts.lost += baseline_right && !candidate_right;
  counts.gained += !baseline_right && candidate_right;
  counts.both_wrong += !baseline_right && !candidate_right;
}

using ByGroup = std::unordered_map<std::uint32_t, PairCounts>;

// A value of no slice is 0.
std::vector<ByGroup> count_by_group(const Evidence& evidence, std::span<const std::uint16_t> values,
                                    std::size_t how_many) {
  const VectorSet& vectors = evidence.vectors;
  assert(vectors.group.size() == vectors.labels.size());
  assert(evidence.candidate.predicted.size() == vectors.labels.size());
  assert(evidence.baseline.predicted.size() == vectors.labels.size());
  std::vector<ByGroup> groups(how_many);
  for (std::size_t i = 0; i < vectors.labels.size(); ++i) {
    if (!was_run(evidence.candidate, i) || !was_run(evidence.baseline, i)) continue;
    count(groups[values.empty() ? 0 : values[i]][vectors.group[i]],
          evidence.baseline.predicted[i] == vectors.labels[i],
          evidence.candidate.predicted[i] == vectors.labels[i]);
  }
  return groups;
}

void weigh(const Evidence& evidence, const ByGroup& groups, PairedScore& score) {
  std::vector<PairCounts> counts;
  std::vector<GroupTotal> differences;
  for (const auto& [group, pairs] : groups) {
    counts.push_back(pairs);
    differences.push_back({static_cast<double>(pairs.gained) - static_cast<double>(pairs.lost),
                           static_cast<double>(pairs.n()), 1});
  }
  if (!counts.empty()) score.worth = independent_worth(counts, 1 - evidence.alpha);
  score.groups = alike_together(differences, evidence.vectors.group_unit);
}

// A claim about this set is about its vectors, whatever groups they are of.
bool counts_groups(const Evidence& evidence) {
  return !evidence.vectors.group.empty() && evidence.sample.sampling.claim != Claim::this_set;
}

bool tells_apart(const Evidence& evidence) {
  return evidence.sample.sampling.order == DrawOrder::disagreement_first;
}

}  // namespace

PairedScore paired_score(const PairCounts& counts) {
  const auto lost = static_cast<double>(counts.lost), gained = static_cast<double>(counts.gained);
  const auto both_right = static_cast<double>(counts.both_right);
  const Pairs pairs{lost, gained, static_cast<double>(counts.n())};
  return {pairs, pairs, both_right + lost, both_right + gained};
}

PairedScore pair_all(const Evidence& evidence) {
  PairedScore score = paired_score(evidence.comparison.all);
  if (counts_groups(evidence)) weigh(evidence, count_by_group(evidence, {}, 1).front(), score);
  if (tells_apart(evidence)) {
    score.apart = chosen_and_others(evidence);
  } else if (evidence.sample.sampling.claim == Claim::this_set) {
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
  if (counts_groups(evidence)) {
    const std::vector<ByGroup> groups = count_by_group(evidence, slice.code, scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i) weigh(evidence, groups[i], scores[i]);
  }
  if (evidence.sample.sampling.claim != Claim::this_set) return scores;
  for (std::uint16_t value = 0; tells_apart(evidence) && value < scores.size(); ++value)
    scores[value].apart = chosen_and_others(evidence, slice, value);
  if (tells_apart(evidence)) return scores;
  for (std::uint16_t value = 0; value < scores.size(); ++value) {
    scores[value].differences = drawn_differences(evidence, slice, value);
    scores[value].of_set =
        static_cast<std::uint64_t>(std::count(slice.code.begin(), slice.code.end(), value));
  }
  return scores;
}

}  // namespace tinyhil
