// SPDX-License-Identifier: Apache-2.0
#include "quantile_bounds.hpp"

#include <algorithm>
#include <cassert>

#include "stats/order_statistics.hpp"

namespace tinyhil {

LatencySample::LatencySample(const Scorecard& card)
    : latency_(card.latency),
      vectors_(card.drawn),
      repeats_(static_cast<std::uint64_t>(card.info.repeats)),
      untimed_(vectors_ * repeats_ - card.latency.sorted.size()) {
  assert(card.latency.sorted.size() <= vectors_ * repeats_);
}

bool LatencySample::exact() const {
  if (untimed_ > 0 || latency_.sorted.empty()) return false;
  return latency_.repeatable || latency_.sorted.front() == latency_.sorted.back();
}

std::optional<std::uint32_t> LatencySample::upper(double quantile, double confidence) const {
  const std::optional<std::uint64_t> rank = upper_rank(vectors_, quantile, confidence);
  if (!rank || *rank * repeats_ > latency_.sorted.size()) return std::nullopt;
  return latency_.sorted[*rank * repeats_ - 1];
}

std::optional<std::uint32_t> LatencySample::lower(double quantile, double confidence) const {
  const std::optional<std::uint64_t> rank = lower_rank(vectors_, quantile, confidence);
  if (!rank || (*rank - 1) * repeats_ < untimed_) return std::nullopt;
  return latency_.sorted[(*rank - 1) * repeats_ - untimed_];
}

double LatencySample::share_within(double ticks) const {
  assert(!latency_.sorted.empty());
  const auto end = std::upper_bound(latency_.sorted.begin(), latency_.sorted.end(), ticks,
                                    [](double limit, std::uint32_t value) { return limit < value; });
  return static_cast<double>(end - latency_.sorted.begin()) / static_cast<double>(latency_.sorted.size());
}

}  // namespace tinyhil
