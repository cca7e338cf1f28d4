// SPDX-License-Identifier: Apache-2.0
#include "quantile_ratio.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "merged_histogram.hpp"
#include "stats/order_statistics.hpp"

namespace tinyhil::stats {
namespace {

struct LogQuantile {
  double value = 0;
  std::optional<Interval> bounds;
};

LogQuantile log_quantile(const Histogram& histogram, double p, double confidence) {
  const std::uint64_t n = total(histogram);
  const auto log_at = [&](std::uint64_t rank) {
    return std::log(static_cast<double>(value_at(histogram, rank)));
  };
  const double rank = std::ceil(static_cast<double>(n) * p);
  LogQuantile found{log_at(std::clamp<std::uint64_t>(static_cast<std::uint64_t>(rank), 1, n)), {}};
  const auto low = lower_rank(n, p, confidence), high = upper_rank(n, p, confidence);
  if (low && high) found.bounds = Interval{log_at(*low), log_at(*high)};
  return found;
}

}  // namespace

std::int64_t value_at(const Histogram& histogram, std::uint64_t rank) {
  assert(rank >= 1);
  std::uint64_t below = 0;
  for (const ValueCount& entry : histogram) {
    below += entry.count;
    if (below >= rank) return entry.value;
  }
  assert(false && "rank beyond the observations");
  return 0;
}

std::optional<QuantileRatio> quantile_ratio(const Histogram& baseline, const Histogram& candidate, double p,
                                            double confidence) {
  if (baseline.empty() || candidate.empty()) return std::nullopt;
  if (baseline.front().value < 1 || candidate.front().value < 1) return std::nullopt;
  const LogQuantile base = log_quantile(baseline, p, confidence);
  const LogQuantile cand = log_quantile(candidate, p, confidence);
  const double grown = cand.value - base.value;
  QuantileRatio ratio{std::exp(grown), {}};
  if (!base.bounds || !cand.bounds) return ratio;
  const double down = std::hypot(cand.value - cand.bounds->low, base.bounds->high - base.value);
  const double up = std::hypot(cand.bounds->high - cand.value, base.value - base.bounds->low);
  ratio.interval = Interval{std::exp(grown - down), std::exp(grown + up)};
  return ratio;
}

}  // namespace tinyhil::stats
