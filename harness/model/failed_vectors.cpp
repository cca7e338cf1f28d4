// SPDX-License-Identifier: Apache-2.0
#include "failed_vectors.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace tinyhil {
namespace {

float lost_on(const FailedVector& failed, const Scorecard& candidate, const Scorecard& baseline) {
  if (!failed.is_lost) return 0;
  return baseline.scores[failed.vector] - candidate.scores[failed.vector];
}

}  // namespace

std::vector<FailedVector> failed_vectors(const Scorecard& candidate, const Scorecard& baseline) {
  assert(candidate.answers.size() == baseline.answers.size());
  std::vector<FailedVector> failed;
  for (std::uint32_t i = 0; i < candidate.answers.size(); ++i) {
    if (!was_run(candidate, i) || is_right(candidate, i)) continue;
    const bool are_scored = was_scored(candidate, i) && was_scored(baseline, i);
    failed.push_back({i, are_scored && baseline.scores[i] > candidate.scores[i]});
  }
  std::ranges::stable_sort(failed, {}, [&](const FailedVector& one) {
    return std::make_tuple(!one.is_lost, -lost_on(one, candidate, baseline), candidate.scores[one.vector]);
  });
  return failed;
}

std::uint64_t count_lost(const std::vector<FailedVector>& failed) {
  return static_cast<std::uint64_t>(std::ranges::count(failed, true, &FailedVector::is_lost));
}

}  // namespace tinyhil
