// SPDX-License-Identifier: Apache-2.0
#include "sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "stats/group_sequential.hpp"
#include "stats/normal.hpp"

namespace tinyhil::gate {
namespace {

constexpr double kLeastLevel = 1e-14;  // a bound at level 0 does not exist

template <class Takes>
std::vector<double> differences(const Facts& facts, Takes takes) {
  std::vector<double> differences;
  for (std::uint64_t i = 0; i < facts.sample.drawn; ++i) {
    const std::uint32_t vector = facts.sample.order[i];
    if (!takes(vector)) continue;
    differences.push_back(score_gained(facts, vector));
  }
  return differences;
}

template <class Takes>
stats::DisagreementFirst apart(const Facts& facts, Takes takes) {
  stats::DisagreementFirst counts;
  for (std::uint64_t i = 0; i < facts.sample.order.size(); ++i) {
    const std::uint32_t vector = facts.sample.order[i];
    if (!takes(vector)) continue;
    const bool chosen = i < facts.sample.chosen, run = i < facts.sample.drawn;
    const bool candidate = is_right(facts.candidate, vector), baseline = is_right(facts.baseline, vector);
    counts.all += 1;
    counts.predicted += chosen;
    counts.waiting += chosen && !run;
    counts.sampled += !chosen && run;
    if (!run || candidate == baseline) continue;
    ++(chosen ? (candidate ? counts.gained : counts.lost)
              : (candidate ? counts.sampled_gained : counts.sampled_lost));
  }
  return counts;
}

}  // namespace

Sample whole_set(const VectorSet& vectors) {
  Sample sample;
  sample.sampling = sampling::Sampling::all_at_once();
  sample.order.resize(vectors.count);
  std::iota(sample.order.begin(), sample.order.end(), 0u);
  sample.drawn = vectors.count;
  return sample;
}

double alpha_of_look(const Sample& sample, double alpha, std::uint64_t count) {
  if (sample.sampling.stop == StopRule::never || sample.drawn == 0 || sample.chosen > 0) return alpha;
  const std::vector<std::uint64_t> all = sampling::looks(sample.sampling, count);
  const auto share = [&](std::uint64_t drawn) {
    return std::min(static_cast<double>(drawn) / static_cast<double>(all.back()), 1.0);
  };
  const auto here = std::lower_bound(all.begin(), all.end(), sample.drawn);
  const auto spent_at = [&](std::uint64_t drawn) {
    return stats::spent(stats::Spending::obrien_fleming, alpha, share(drawn));
  };
  return std::max(spent_at(sample.drawn) - (here == all.begin() ? 0 : spent_at(*(here - 1))), kLeastLevel);
}

double level_of_look(const Sample& sample, double alpha, std::uint64_t count) {
  if (sample.sampling.stop != StopRule::group_sequential || sample.drawn == 0 || sample.chosen > 0)
    return alpha_of_look(sample, alpha, count);
  std::vector<std::uint64_t> so_far = sampling::looks(sample.sampling, count);
  const std::uint64_t last = so_far.back(), now = std::min(sample.drawn, last);
  std::erase_if(so_far, [&](std::uint64_t look) { return look >= now; });
  so_far.push_back(now);
  return std::max(levels_of_looks(so_far, last, alpha).back(), kLeastLevel);
}

std::vector<double> levels_of_looks(std::span<const std::uint64_t> looks, std::uint64_t last, double alpha) {
  std::vector<double> shares, levels;
  for (const std::uint64_t look : looks)
    shares.push_back(static_cast<double>(look) / static_cast<double>(last));
  for (const double z : stats::efficacy_bounds(shares, alpha, stats::Spending::obrien_fleming))
    levels.push_back(stats::normal_cdf(-z));
  return levels;
}

bool is_biased(const Facts& facts) {
  return facts.sample.chosen > 0 && facts.sample.drawn < facts.vectors.count;
}

Check waiting_for_all(std::string subject, const Facts& facts) {
  Check check;
  check.subject = std::move(subject);
  check.outcome = Outcome::inconclusive;
  check.n = facts.sample.drawn;
  check.more_vectors = facts.vectors.count - facts.sample.drawn;
  check.reason = fmt::format(
      "the first {} vectors were chosen because the host's outputs differ on them, so what was run is no "
      "random sample: this is judged by the whole set, {} vectors more",
      facts.sample.chosen, *check.more_vectors);
  return check;
}

stats::DisagreementFirst chosen_and_others(const Facts& facts) {
  return apart(facts, [](std::uint32_t) { return true; });
}

stats::DisagreementFirst chosen_and_others(const Facts& facts, const Slice& slice, std::uint16_t value) {
  return apart(facts, [&](std::uint32_t vector) { return slice.code[vector] == value; });
}

std::vector<double> drawn_differences(const Facts& facts) {
  return differences(facts, [](std::uint32_t) { return true; });
}

std::vector<double> drawn_differences(const Facts& facts, const Slice& slice, std::uint16_t value) {
  return differences(facts, [&](std::uint32_t vector) { return slice.code[vector] == value; });
}

}  // namespace tinyhil::gate
