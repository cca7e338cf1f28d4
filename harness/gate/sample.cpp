// SPDX-License-Identifier: Apache-2.0
#include "sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/normal.hpp"

namespace tinyhil {
namespace {

double spent(double alpha, double share) {
  return 2 - 2 * normal_cdf(normal_quantile(1 - alpha / 2) / std::sqrt(share));
}

template <class Takes>
std::vector<int> differences(const Facts& facts, Takes takes) {
  std::vector<int> differences;
  for (std::uint64_t i = 0; i < facts.sample.drawn; ++i) {
    const std::uint32_t vector = facts.sample.order[i];
    if (!takes(vector)) continue;
    const std::uint16_t label = facts.vectors.labels[vector];
    differences.push_back((facts.candidate.predicted[vector] == label ? 1 : 0) -
                          (facts.baseline.predicted[vector] == label ? 1 : 0));
  }
  return differences;
}

template <class Takes>
DisagreementFirst apart(const Facts& facts, Takes takes) {
  DisagreementFirst counts;
  for (std::uint64_t i = 0; i < facts.sample.order.size(); ++i) {
    const std::uint32_t vector = facts.sample.order[i];
    if (!takes(vector)) continue;
    const bool chosen = i < facts.sample.chosen, run = i < facts.sample.drawn;
    const std::uint16_t label = facts.vectors.labels[vector];
    const bool candidate = facts.candidate.predicted[vector] == label,
               baseline = facts.baseline.predicted[vector] == label;
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
  sample.sampling = Sampling::all_at_once();
  sample.order.resize(vectors.count);
  std::iota(sample.order.begin(), sample.order.end(), 0u);
  sample.drawn = vectors.count;
  return sample;
}

double alpha_of_look(const Sample& sample, double alpha, std::uint64_t count) {
  if (sample.sampling.stop == StopRule::never || sample.drawn == 0 || sample.chosen > 0) return alpha;
  const std::vector<std::uint64_t> all = looks(sample.sampling, count);
  const auto share = [&](std::uint64_t drawn) {
    return std::min(static_cast<double>(drawn) / static_cast<double>(all.back()), 1.0);
  };
  const auto here = std::lower_bound(all.begin(), all.end(), sample.drawn);
  const double before = here == all.begin() ? 0 : spent(alpha, share(*(here - 1)));
  return spent(alpha, share(sample.drawn)) - before;
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

DisagreementFirst chosen_and_others(const Facts& facts) {
  return apart(facts, [](std::uint32_t) { return true; });
}

DisagreementFirst chosen_and_others(const Facts& facts, const Slice& slice, std::uint16_t value) {
  return apart(facts, [&](std::uint32_t vector) { return slice.code[vector] == value; });
}

std::vector<int> drawn_differences(const Facts& facts) {
  return differences(facts, [](std::uint32_t) { return true; });
}

std::vector<int> drawn_differences(const Facts& facts, const Slice& slice, std::uint16_t value) {
  return differences(facts, [&](std::uint32_t vector) { return slice.code[vector] == value; });
}

}  // namespace tinyhil
