// SPDX-License-Identifier: Apache-2.0
#include "intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cassert>
#include <cmath>

namespace tinyhil::stats {
namespace {

constexpr std::uint64_t kFew = 40;
constexpr double kConfidence = 0.95;

double beta_quantile(std::uint64_t a, std::uint64_t b, double p) {
  return boost::math::quantile(
      boost::math::beta_distribution<double>(static_cast<double>(a), static_cast<double>(b)), p);
}

Interval wilson_of(double p, double count, double confidence) {
  const double z = boost::math::quantile(boost::math::normal_distribution<double>(), (1 + confidence) / 2);
  const double centre = (p + z * z / (2 * count)) / (1 + z * z / count);
  const double half = z / (1 + z * z / count) * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace

Interval wilson(std::uint64_t successes, std::uint64_t n, double confidence) {
  assert(successes <= n);
  if (n == 0) return {0, 1};
  const auto count = static_cast<double>(n);
  return wilson_of(static_cast<double>(successes) / count, count, confidence);
}

Interval clopper_pearson(std::uint64_t successes, std::uint64_t n, double confidence) {
  assert(successes <= n);
  if (n == 0) return {0, 1};
  const double tail = (1 - confidence) / 2;
  const std::uint64_t failures = n - successes;
  return {successes == 0 ? 0.0 : beta_quantile(successes, failures + 1, tail),
          failures == 0 ? 1.0 : beta_quantile(successes + 1, failures, 1 - tail)};
}

Proportion proportion(std::uint64_t successes, std::uint64_t n) {
  const bool exact = n < kFew || successes == 0 || successes == n;
  return {static_cast<double>(successes), n,
          exact ? clopper_pearson(successes, n, kConfidence) : wilson(successes, n, kConfidence)};
}

Proportion bounded_mean(double sum, std::uint64_t n) {
  if (n == 0) return {0, 0, {0, 1}};
  const auto count = static_cast<double>(n);
  return {sum, n, wilson_of(sum / count, count, kConfidence)};
}

}  // namespace tinyhil::stats
