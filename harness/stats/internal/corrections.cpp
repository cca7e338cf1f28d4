// SPDX-License-Identifier: Apache-2.0
#include "corrections.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace tinyhil::stats {
namespace {

std::vector<std::size_t> ascending(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  return order;
}

std::vector<double> step_up(const std::vector<double>& p, double factor) {
  const std::vector<std::size_t> order = ascending(p);
  std::vector<double> adjusted(p.size());
  double smallest = 1;
  for (std::size_t i = p.size(); i-- > 0;) {
    smallest =
        std::min(smallest, factor * static_cast<double>(p.size()) / static_cast<double>(i + 1) * p[order[i]]);
    adjusted[order[i]] = smallest;
  }
  return adjusted;
}

// The smallest m p_(i) / rank among the largest `count` - 1 of sorted p, ranks counted from 2.
double smallest_of_tail(const std::vector<double>& sorted, std::size_t count) {
  double smallest = 1;
  for (std::size_t rank = 2; rank <= count; ++rank) {
    const double p = sorted[sorted.size() - count + rank - 1];
    smallest = std::min(smallest, static_cast<double>(count) * p / static_cast<double>(rank));
  }
  return smallest;
}

}  // namespace

std::vector<double> benjamini_hochberg(const std::vector<double>& p) { return step_up(p, 1); }

std::vector<double> benjamini_yekutieli(const std::vector<double>& p) {
  double harmonic = 0;
  for (std::size_t i = 1; i <= p.size(); ++i) harmonic += 1 / static_cast<double>(i);
  return step_up(p, harmonic);
}

std::vector<double> hommel(const std::vector<double>& p) {
  const std::size_t n = p.size();
  const std::vector<std::size_t> order = ascending(p);
  std::vector<double> sorted, adjusted(n);
  for (const std::size_t i : order) sorted.push_back(p[i]);
  std::vector<double> found = sorted;
  // Each family of m hypotheses, the largest p last, judged by Simes' test.
  for (std::size_t m = n; m >= 2; --m) {
    const double tail = smallest_of_tail(sorted, m);
    for (std::size_t i = 0; i < n; ++i) {
      const double of_family = std::min(tail, static_cast<double>(m) * sorted[i]);
      found[i] = std::max(found[i], of_family);
    }
  }
  for (std::size_t i = 0; i < n; ++i) adjusted[order[i]] = found[i];
  return adjusted;
}

}  // namespace tinyhil::stats
