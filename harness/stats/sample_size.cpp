// SPDX-License-Identifier: Apache-2.0
#include "sample_size.hpp"

#include <algorithm>
#include <cmath>

#include "normal.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kMostVectors = 1e12;  // beyond any campaign

// The smallest whole n at which this table, scaled up, passes. The table itself may be of a fractional n:
// what groups are worth.
double passing_n(const Pairs& pairs, double margin, double alpha) {
  const auto passes = [&](double n) { return p_not_worse(pairs.scaled(n / pairs.n), margin) < alpha; };
  double low = std::floor(pairs.n), high = std::ceil(2 * pairs.n);
  for (; !passes(high) && high < kMostVectors; high *= 2) low = high;
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (passes(middle) ? high : low) = middle;
  }
  return high;
}

double z_sum(double alpha) { return normal_quantile(1 - alpha) + normal_quantile(kPower); }

std::uint64_t beyond(double wanted, double n) {
  return static_cast<std::uint64_t>(std::max(1.0, std::ceil(wanted - n)));
}

}  // namespace

std::optional<std::uint64_t> more_vectors(const Pairs& pairs, double margin, double alpha) {
  const double slack = margin + pairs.difference();
  if (pairs.n == 0 || slack <= 0) return std::nullopt;
  const double by_power = std::pow(z_sum(alpha), 2) * pairs.discordance() / (slack * slack);
  const double wanted = std::max(by_power, passing_n(pairs, margin, alpha));
  if (wanted >= kMostVectors) return std::nullopt;
  return beyond(wanted, pairs.n);
}

std::optional<std::uint64_t> more_vectors_for_quantile(std::uint64_t n, double share_within, double quantile,
                                                       double alpha) {
  const double slack = share_within - quantile;
  if (slack <= 0) return std::nullopt;
  const double wanted = std::pow(z_sum(alpha), 2) * quantile * (1 - quantile) / (slack * slack);
  return beyond(wanted, static_cast<double>(n));
}

std::optional<std::uint64_t> more_vectors_for_bound(std::uint64_t n, double width, double slack,
                                                    double alpha) {
  if (n == 0 || slack <= 0) return std::nullopt;
  const double by_power = z_sum(alpha) / normal_quantile(1 - alpha);
  const double wanted = static_cast<double>(n) * std::pow(by_power * width / slack, 2);
  if (wanted >= kMostVectors) return std::nullopt;
  return beyond(wanted, static_cast<double>(n));
}

}  // namespace tinyhil::stats
