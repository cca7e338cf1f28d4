// SPDX-License-Identifier: Apache-2.0
#include "tango.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "normal.hpp"

namespace tinyhil {
namespace {

constexpr double kTolerance = 1e-12;

// The probability of a loss, estimated under the constraint that the difference is d: the larger root of
// 2n q^2 + b1 q + c1 = 0, written so that no digits cancel.
double constrained_loss(const Pairs& pairs, double d) {
  const auto [b, c, n] = pairs;
  const double b1 = -(b + c) + (2 * n - c + b) * d;
  const double c1 = -b * d * (1 - d);
  const double root = std::sqrt(std::max(0.0, b1 * b1 - 8 * n * c1));
  if (b1 <= 0) return (root - b1) / (4 * n);
  return -2 * c1 / (root + b1);
}

// Where Z falls through `z` between low and high; Z(low) >= z >= Z(high) by construction.
double crossing(const Pairs& pairs, double z, double low, double high) {
  while (high - low > kTolerance) {
    const double middle = (low + high) / 2;
    (tango_z(pairs, middle) >= z ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double tango_z(const Pairs& pairs, double d) {
  assert(pairs.n > 0 && pairs.lost + pairs.gained <= pairs.n && d > -1 && d < 1);
  const double excess = pairs.gained - pairs.lost - pairs.n * d;
  const double variance = pairs.n * (2 * constrained_loss(pairs, d) + d * (1 - d));
  if (variance > 0) return excess / std::sqrt(variance);
  // No variance is left at the ends of the range, and at d = 0 without a disagreement.
  return excess == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), excess);
}

double p_not_worse(const Pairs& pairs, double margin) { return normal_cdf(-tango_z(pairs, -margin)); }

double p_worse(const Pairs& pairs, double margin) { return normal_cdf(tango_z(pairs, -margin)); }

double lower_bound(const Pairs& pairs, double confidence) {
  if (pairs.n == 0 || pairs.lost == pairs.n) return -1;
  return crossing(pairs, normal_quantile(confidence), -1, pairs.difference());
}

double upper_bound(const Pairs& pairs, double confidence) {
  if (pairs.n == 0 || pairs.gained == pairs.n) return 1;
  return crossing(pairs, -normal_quantile(confidence), pairs.difference(), 1);
}

}  // namespace tinyhil
