// SPDX-License-Identifier: Apache-2.0
#include "rare_events.hpp"

#include <cassert>
#include <cmath>
#include <limits>

namespace tinyhil::stats {
namespace {

constexpr double kShareOfNone = 0.8;
constexpr double kPrior = 0.5;

double log_beta(double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }

// ln(n (n - 1) ... (n - k + 1))
double log_falling(std::uint64_t n, std::uint64_t k) {
  return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(n - k) + 1);
}

double log_mixture(const RareDraws& draws) {
  const double seen = static_cast<double>(draws.seen), rest = static_cast<double>(draws.drawn - draws.seen);
  const double surprised =
      std::log1p(-kShareOfNone) + log_beta(kPrior + seen, kPrior + rest) - log_beta(kPrior, kPrior);
  return draws.seen > 0 ? surprised : std::log(kShareOfNone + std::exp(surprised));
}

// Of these draws in this order, `total` being possible.
double log_likelihood(const RareDraws& draws, std::uint64_t total) {
  return log_falling(total, draws.seen) + log_falling(draws.of - total, draws.drawn - draws.seen) -
         log_falling(draws.of, draws.drawn);
}

}  // namespace

double log_against_at_least(const RareDraws& draws, std::uint64_t total) {
  assert(draws.seen <= draws.drawn && draws.drawn <= draws.of);
  if (total > draws.of - (draws.drawn - draws.seen)) return std::numeric_limits<double>::infinity();
  // The likelihood has one peak; beyond it, the least of the totals is the likeliest.
  const double peak = static_cast<double>(draws.seen) * (static_cast<double>(draws.of) + 1);
  if (static_cast<double>(total) * static_cast<double>(draws.drawn) <= peak) return 0;
  return std::max(0.0, log_mixture(draws) - log_likelihood(draws, total));
}

std::uint64_t most_at_any_time(const RareDraws& draws, double alpha) {
  std::uint64_t kept = draws.seen, excluded = draws.of - (draws.drawn - draws.seen) + 1;
  while (excluded - kept > 1) {
    const std::uint64_t total = kept + (excluded - kept) / 2;
    (log_against_at_least(draws, total) >= -std::log(alpha) ? excluded : kept) = total;
  }
  return kept;
}

}  // namespace tinyhil::stats
