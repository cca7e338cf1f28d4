// SPDX-License-Identifier: Apache-2.0
#include "fisher_exact.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace tinyhil::stats {
namespace {

constexpr double kLeastLog = -700;   // of a chance, relative to the likeliest table's: less adds nothing
constexpr double kAlike = 1 + 1e-7;  // rounding must not tell tables of equal chance apart

// Successes of the first, whose distribution is hypergeometric given the margins.
struct Margins {
  double first, successes, all;

  double least() const { return std::max(0.0, first + successes - all); }
  double most() const { return std::min(first, successes); }
  double mode() const {
    return std::clamp(std::floor((first + 1) * (successes + 1) / (all + 2)), least(), most());
  }
  double log_ratio(double x) const {  // of the chance of x + 1 to that of x
    return std::log((successes - x) * (first - x) / ((x + 1) * (all - successes - first + x + 1)));
  }
};

}  // namespace

double fisher_exact_p(const BinomialCount& one, const BinomialCount& other) {
  assert(one.successes <= one.n && other.successes <= other.n);
  if (one.n == 0 || other.n == 0) return 1;
  const auto seen = static_cast<double>(one.successes);
  const Margins margins{static_cast<double>(one.n), seen + static_cast<double>(other.successes),
                        static_cast<double>(one.n) + static_cast<double>(other.n)};
  double own = kLeastLog;  // of the table that was seen
  std::vector<double> logs;
  const auto note = [&](double x, double log) {
    logs.push_back(log);
    if (x == seen) own = log;
  };
  double log = 0;
  for (double x = margins.mode(); x <= margins.most() && log > kLeastLog; ++x) {
    note(x, log);
    log += x < margins.most() ? margins.log_ratio(x) : 0;
  }
  log = 0;
  for (double x = margins.mode() - 1; x >= margins.least() && log > kLeastLog; --x) {
    log -= margins.log_ratio(x);
    note(x, log);
  }
  double total = 0, as_rare = 0;
  for (const double each : logs) {
    total += std::exp(each);
    if (each <= own + std::log(kAlike)) as_rare += std::exp(each);
  }
  return std::min(1.0, as_rare / total);
}

}  // namespace tinyhil::stats
