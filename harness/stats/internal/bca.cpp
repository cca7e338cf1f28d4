// SPDX-License-Identifier: Apache-2.0
#include "bca.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "stats/normal.hpp"

namespace tinyhil::stats {
namespace {

double acceleration(const std::vector<double>& jackknife) {
  const double mean =
      std::accumulate(jackknife.begin(), jackknife.end(), 0.0) / static_cast<double>(jackknife.size());
  double squares = 0, cubes = 0;
  for (const double value : jackknife) {
    const double away = mean - value;
    squares += away * away;
    cubes += away * away * away;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

// Between neighbours, as numpy.percentile does.
double quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double share_below(const std::vector<double>& sorted, double estimate) {
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), estimate);
  const auto twice = (first - sorted.begin()) + (last - sorted.begin());
  return static_cast<double>(twice) / 2 / static_cast<double>(sorted.size());
}

}  // namespace

std::optional<Interval> bca(Bootstrap bootstrap, double confidence) {
  assert(confidence > 0.5 && confidence < 1);
  std::vector<double>& sorted = bootstrap.replicates;
  if (bootstrap.jackknife.size() < 2 || sorted.empty()) return std::nullopt;
  std::sort(sorted.begin(), sorted.end());
  const double below = share_below(sorted, bootstrap.estimate);
  if (below <= 0 || below >= 1 || sorted.front() == sorted.back()) return std::nullopt;
  const double z0 = normal_quantile(below), a = acceleration(bootstrap.jackknife);
  const auto at = [&](double z) { return quantile(sorted, normal_cdf(z0 + (z0 + z) / (1 - a * (z0 + z)))); };
  return Interval{at(normal_quantile(1 - confidence)), at(normal_quantile(confidence))};
}

}  // namespace tinyhil::stats
