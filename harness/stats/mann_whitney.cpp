// SPDX-License-Identifier: Apache-2.0
#include "mann_whitney.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "normal.hpp"
#include "stats/internal/merged_histogram.hpp"

namespace tinyhil::stats {
namespace {

double cubed_less_itself(double ties) { return ties * (ties * ties - 1); }

}  // namespace

double RankStatistic::p_greater(Continuity continuity) const {
  if (sd == 0) return 1;
  const double step = continuity == Continuity::corrected ? 0.5 : 0;
  return normal_cdf(-(value - mean - step) / sd);
}

double RankStatistic::p_two_sided(Continuity continuity) const {
  if (sd == 0) return 1;
  const double step = continuity == Continuity::corrected ? 0.5 : 0;
  return std::min(1.0, 2 * normal_cdf(-(std::abs(value - mean) - step) / sd));
}

std::optional<RankStatistic> mann_whitney(const Histogram& baseline, const Histogram& candidate) {
  const auto n = static_cast<double>(total(baseline)), m = static_cast<double>(total(candidate));
  if (n == 0 || m == 0) return std::nullopt;
  double u = 0, ties = 0, below = 0;
  for (const MergedBin& bin : merged_histogram(baseline, candidate)) {
    const auto b = static_cast<double>(bin.baseline), c = static_cast<double>(bin.candidate);
    u += c * (below + b / 2);
    ties += cubed_less_itself(b + c);
    below += b;
  }
  const double all = n + m;
  const double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
  // All equal: the two terms cancel but for rounding.
  return RankStatistic{u, n * m / 2, variance < 1e-9 * n * m ? 0 : std::sqrt(variance)};
}

std::optional<RankStatistic> signed_rank(const Histogram& differences) {
  struct Signs {
    double positive = 0, negative = 0;
  };
  std::map<std::int64_t, Signs> by_size;
  for (const ValueCount& entry : differences) {
    if (entry.value > 0) by_size[entry.value].positive = static_cast<double>(entry.count);
    if (entry.value < 0) by_size[-entry.value].negative = static_cast<double>(entry.count);
  }
  if (by_size.empty()) return std::nullopt;
  double sum = 0, n = 0, ties = 0;
  for (const auto& [size, signs] : by_size) {
    const double tied = signs.positive + signs.negative;
    sum += signs.positive * (n + (tied + 1) / 2);
    ties += cubed_less_itself(tied);
    n += tied;
  }
  return RankStatistic{sum, n * (n + 1) / 4, std::sqrt(n * (n + 1) * (2 * n + 1) / 24 - ties / 48)};
}

}  // namespace tinyhil::stats
