// SPDX-License-Identifier: Apache-2.0
#include "seeded_random.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cassert>
#include <cmath>

#include "normal.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kFewExpected = 10;  // below, inversion is faster, and BTRS is not made for it

double log_factorial(double n) { return boost::math::lgamma(n + 1); }

// Counts up from zero until the probability passed reaches u.
double by_inversion(double n, double p, double u) {
  double at = std::exp(n * std::log1p(-p)), passed = at, k = 0;
  while (passed < u && k < n) {
    at *= (n - k) / (k + 1) * p / (1 - p);
    passed += at;
    ++k;
  }
  return k;
}

// The constants carry the names of the paper, algorithm BTRS.
struct Hat {
  Hat(double count, double share) : n(count), p(share) {}

  double n, p;
  double spq = std::sqrt(n * p * (1 - p));
  double b = 1.15 + 2.53 * spq;
  double a = -0.0873 + 0.0248 * b + 0.01 * p;
  double c = n * p + 0.5;
  double alpha = (2.83 + 5.1 / b) * spq;
  double v_r = 0.92 - 4.2 / b;
  double m = std::floor((n + 1) * p);

  double at(double u) const { return std::floor((2 * a / (0.5 - std::abs(u)) + b) * u + c); }
  double log_ratio_to_mode(double k) const {
    return log_factorial(m) + log_factorial(n - m) - log_factorial(k) - log_factorial(n - k) +
           (k - m) * std::log(p / (1 - p));
  }
  bool accepts(double k, double u, double v) const {
    const double us = 0.5 - std::abs(u);
    if (us >= 0.07 && v <= v_r) return true;
    if (k < 0 || k > n) return false;
    return std::log(v * alpha / (a / (us * us) + b)) <= log_ratio_to_mode(k);
  }
};

}  // namespace

double SeededRandom::uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }

double SeededRandom::normal() { return normal_quantile(uniform()); }

std::uint64_t SeededRandom::below(std::uint64_t end) {
  assert(end > 0);
  const std::uint64_t fair = UINT64_MAX - UINT64_MAX % end;  // a multiple of end: no residue is favoured
  std::uint64_t drawn = engine_();
  while (drawn >= fair) drawn = engine_();
  return drawn % end;
}

std::uint64_t SeededRandom::binomial(std::uint64_t n, double p) {
  assert(p >= 0 && p <= 1);
  if (p > 0.5) return n - binomial(n, 1 - p);
  if (n == 0 || p == 0) return 0;
  const auto count = static_cast<double>(n);
  if (count * p < kFewExpected) return static_cast<std::uint64_t>(by_inversion(count, p, uniform()));
  const Hat hat(count, p);
  for (;;) {
    const double u = uniform() - 0.5, v = uniform();
    const double k = hat.at(u);
    if (hat.accepts(k, u, v)) return static_cast<std::uint64_t>(k);
  }
}

}  // namespace tinyhil::stats
