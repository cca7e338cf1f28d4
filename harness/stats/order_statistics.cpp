// SPDX-License-Identifier: Apache-2.0
#include "order_statistics.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <cassert>
#include <cmath>

namespace tinyhil::stats {
namespace {

double cdf_below(std::uint64_t rank, std::uint64_t n, double p) {
  const boost::math::binomial_distribution<double> below(static_cast<double>(n), p);
  return boost::math::cdf(below, static_cast<double>(rank - 1));
}

// The smallest rank in 1..n whose cdf_below reaches `level`; n + 1 when none does.
std::uint64_t first_rank_reaching(double level, std::uint64_t n, double p) {
  std::uint64_t low = 1, high = n + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (cdf_below(middle, n, p) >= level) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

std::optional<std::uint64_t> upper_rank(std::uint64_t n, double p, double confidence) {
  assert(p > 0 && p < 1);
  const std::uint64_t rank = first_rank_reaching(confidence, n, p);
  if (rank > n) return std::nullopt;
  return rank;
}

std::optional<std::uint64_t> lower_rank(std::uint64_t n, double p, double confidence) {
  assert(p > 0 && p < 1);
  // The first rank above 1 - confidence is one too far; a tie, which belongs to us, has no measure.
  const std::uint64_t beyond = first_rank_reaching(std::nextafter(1 - confidence, 1.0), n, p);
  if (beyond == 1) return std::nullopt;
  return beyond - 1;
}

std::uint64_t fewest_for_upper_rank(double p, double confidence) {
  assert(p > 0 && p < 1);
  auto n = static_cast<std::uint64_t>(std::ceil(std::log1p(-confidence) / std::log(p)));
  while (n > 1 && upper_rank(n - 1, p, confidence)) --n;
  while (!upper_rank(n, p, confidence)) ++n;
  return n;
}

}  // namespace tinyhil::stats
