// SPDX-License-Identifier: Apache-2.0
#include "pairs.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>

#include "stats/design_effect.hpp"

#include "sample.hpp"

namespace tinyhil::gate {
namespace {

void count(PairCounts& counts, bool baseline_right, bool candidate_right) {
  counts.both_right += baseline_right && candidate_right;
  counts.lost += baseline_right && !candidate_right;
  counts.gained += !baseline_right && candidate_right;
  counts.both_wrong += !baseline_right && !candidate_right;
}

using ByGroup = std::unordered_map<std::uint32_t, PairCounts>;

// Some of the vectors: all, or those of one value of a slice.
using Taken = std::function<bool(std::size_t)>;

bool was_run_twice(const Evidence& evidence, std::size_t vector) {
  return was_run(evidence.candidate, vector) && was_run(evidence.baseline, vector);
}

// A value of no slice is 0.
std::vector<ByGroup> count_by_group(const Evidence& evidence, std::span<const std::uint16_t> values,
                                    std::size_t how_many) {
  const VectorSet& vectors = evidence.vectors;
  assert(vectors.group.size() == vectors.count);
  std::vector<ByGroup> groups(how_many);
  for (std::size_t i = 0; i < vectors.count; ++i) {
    if (!was_run_twice(evidence, i)) continue;
    count(groups[values.empty() ? 0 : values[i]][vectors.group[i]], is_right(evidence.baseline, i),
          is_right(evidence.candidate, i));
  }
  return groups;
}

void weigh(const Evidence& evidence, const ByGroup& groups, PairedScore& score) {
  std::vector<PairCounts> counts;
  std::vector<stats::GroupTotal> differences;
  for (const auto& [group, pairs] : groups) {
    counts.push_back(pairs);
    differences.push_back({static_cast<double>(pairs.gained) - static_cast<double>(pairs.lost),
                           static_cast<double>(pairs.n()), 1});
  }
  if (!counts.empty()) score.worth = stats::independent_worth(counts, 1 - evidence.alpha);
  score.groups = alike_together(differences, evidence.vectors.group_unit);
}

// A claim about this set is about its vectors, whatever groups they are of.
bool counts_groups(const Evidence& evidence) {
  return !evidence.vectors.group.empty() && evidence.sample.sampling.claim != Claim::this_set;
}

// Of scores between 0 and 1.
PairedScore graded(const Evidence& evidence, const Taken& takes) {
  const auto gained = [&](std::size_t i) -> std::optional<double> {
    if (!takes(i) || !was_run_twice(evidence, i)) return std::nullopt;
    return score_gained(evidence, i);
  };
  PairedScore score;
  score.is_right_or_wrong = false;
  std::vector<double> differences;
  for (std::size_t i = 0; i < evidence.vectors.count; ++i) {
    const std::optional<double> difference = gained(i);
    if (!difference) continue;
    differences.push_back(*difference);
    (*difference < 0 ? score.pairs.lost : score.pairs.gained) += std::abs(*difference);
    score.pairs.n += 1;
    score.baseline_right += double{evidence.baseline.scores[i]};
    score.candidate_right += double{evidence.candidate.scores[i]};
  }
  score.worth = score.pairs;
  if (evidence.sample.sampling.claim == Claim::this_set) return score;
  score.groups =
      shares_groups(evidence.vectors) ? groups_of(evidence.vectors, gained) : each_vector(differences);
  return score;
}

bool is_graded(const Evidence& evidence) { return !evidence.candidate.task.is_right_or_wrong; }

bool tells_apart(const Evidence& evidence) {
  return evidence.sample.sampling.order == DrawOrder::disagreement_first;
}

}  // namespace

PairedScore paired_score(const PairCounts& counts) {
  const auto lost = static_cast<double>(counts.lost), gained = static_cast<double>(counts.gained);
  const auto both_right = static_cast<double>(counts.both_right);
  const stats::Pairs pairs{lost, gained, static_cast<double>(counts.n())};
  return {pairs, pairs, both_right + lost, both_right + gained};
}

PairedScore pair_all(const Evidence& evidence) {
  PairedScore score = is_graded(evidence) ? graded(evidence, [](std::size_t) { return true; })
                                          : paired_score(evidence.comparison.all);
  if (counts_groups(evidence) && !is_graded(evidence))
    weigh(evidence, count_by_group(evidence, {}, 1).front(), score);
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
  for (std::size_t value = 0; value < slice.values.size(); ++value)
    scores.push_back(is_graded(evidence)
                         ? graded(evidence, [&](std::size_t i) { return slice.code[i] == value; })
                         : paired_score(evidence.comparison.slices[index][value]));
  if (counts_groups(evidence) && !is_graded(evidence)) {
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

}  // namespace tinyhil::gate
