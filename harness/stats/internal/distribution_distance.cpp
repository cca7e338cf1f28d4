// SPDX-License-Identifier: Apache-2.0
#include "distribution_distance.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "merged_histogram.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kMostPathSteps = 1e6;

// Paths from (0, 0) to (n, m) that stay within `d` of the diagonal, as a share of all, built up row by row.
double share_of_paths_within(double d, std::uint64_t n, std::uint64_t m) {
  const auto rows = static_cast<double>(n), columns = static_cast<double>(m);
  // Half a step of the lattice below d: a path that touches d is out.
  const double most = (0.5 + std::floor(d * rows * columns - 1e-7)) / (rows * columns);
  std::vector<double> share(m + 1);
  for (std::uint64_t j = 0; j <= m; ++j) share[j] = static_cast<double>(j) / columns > most ? 0 : 1;
  for (double i = 1; i <= rows; ++i) {
    const double weight = i / (i + columns);
    for (std::uint64_t j = 0; j <= m; ++j) {
      const bool out = std::abs(i / rows - static_cast<double>(j) / columns) > most;
      share[j] = out ? 0 : weight * share[j] + (j > 0 ? share[j - 1] : 0);
    }
  }
  return share[m];
}

double limit_p(double lambda) {
  if (lambda < 0.2) return 1;  // the series alternates too slowly there, and p is 1 to all digits
  double p = 0;
  for (double k = 1; k <= 100; ++k) {
    const double term = 2 * std::exp(-2 * k * k * lambda * lambda);
    p += std::fmod(k, 2) == 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return std::clamp(p, 0.0, 1.0);
}

}  // namespace

DistributionDistance distribution_distance(const Histogram& baseline, const Histogram& candidate) {
  const auto n = static_cast<double>(total(baseline)), m = static_cast<double>(total(candidate));
  assert(n > 0 && m > 0);
  DistributionDistance found;
  double below_b = 0, below_c = 0, apart = 0;
  std::int64_t before = 0;
  for (const MergedBin& bin : merged_histogram(baseline, candidate)) {
    found.wasserstein += apart * static_cast<double>(bin.value - before);
    below_b += static_cast<double>(bin.baseline);
    below_c += static_cast<double>(bin.candidate);
    apart = std::abs(below_b / n - below_c / m);
    found.kolmogorov = std::max(found.kolmogorov, apart);
    before = bin.value;
  }
  return found;
}

double kolmogorov_p(double d, std::uint64_t n, std::uint64_t m) {
  assert(n > 0 && m > 0);
  if (d <= 0) return 1;
  const auto rows = static_cast<double>(n), columns = static_cast<double>(m);
  if (rows * columns <= kMostPathSteps) return std::clamp(1 - share_of_paths_within(d, n, m), 0.0, 1.0);
  return limit_p(d * std::sqrt(rows * columns / (rows + columns)));
}

}  // namespace tinyhil::stats
