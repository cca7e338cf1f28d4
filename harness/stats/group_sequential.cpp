// SPDX-License-Identifier: Apache-2.0
#include "group_sequential.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "normal.hpp"
#include "stats/internal/stopped_brownian.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNothing = 1e-14;
constexpr double kFarthestBound = 12;  // standard deviations

// Where a falling function crosses zero.
template <typename Falling>
double root(double low, double high, const Falling& falling) {
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (falling(middle) > 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

double upper_bound_spending(const StoppedBrownian& motion, double t, double probability) {
  if (probability < kNothing) return kInfinity;
  const double centre = motion.drift() * t, sd = std::sqrt(t);
  return root(centre - kFarthestBound * sd, centre + kFarthestBound * sd,
              [&](double bound) { return motion.above(t, bound) - probability; });
}

double lower_bound_spending(const StoppedBrownian& motion, double t, double probability) {
  if (probability < kNothing) return -kInfinity;
  const double centre = motion.drift() * t, sd = std::sqrt(t);
  return root(centre - kFarthestBound * sd, centre + kFarthestBound * sd,
              [&](double bound) { return probability - motion.below(t, bound); });
}

// Futility bounds for a drift, where each look has `to_spend` of beta, with what was spent before. The last
// one meets the efficacy bound when the drift is the one that has the power 1 - beta.
std::vector<double> futility_bounds(std::span<const double> shares, const std::vector<double>& efficacy,
                                    std::span<const double> to_spend, double drift) {
  StoppedBrownian motion(drift);
  std::vector<double> bounds;
  double before = 0;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const double t = shares[k], sd = std::sqrt(t);
    const double high = efficacy[k] * sd;
    const double low = std::min(lower_bound_spending(motion, t, to_spend[k] - before), high);
    bounds.push_back(low / sd);
    if (k + 1 < shares.size()) motion.advance(t, low, high);
    before = to_spend[k];
  }
  return bounds;
}

double expected_share(std::span<const double> shares, const GroupSequential& design, double drift) {
  StoppedBrownian motion(drift);
  double expected = shares[0];
  for (std::size_t k = 0; k + 1 < shares.size(); ++k) {
    const double sd = std::sqrt(shares[k]);
    motion.advance(shares[k], design.futility[k] * sd, design.efficacy[k] * sd);
    expected += motion.going_on() * (shares[k + 1] - shares[k]);
  }
  return expected;
}

}  // namespace

double spent(Spending spending, double alpha, double t) {
  assert(t >= 0 && t <= 1 + 1e-12);
  if (t <= 0) return 0;
  if (spending == Spending::pocock) return alpha * std::log1p(std::expm1(1.0) * t);
  return 2 * normal_cdf(normal_quantile(alpha / 2) / std::sqrt(t));
}

std::vector<double> efficacy_bounds(std::span<const double> shares, double alpha, Spending spending) {
  StoppedBrownian motion(0);
  std::vector<double> bounds;
  double before = 0;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const double t = shares[k], to_spend = spent(spending, alpha, t);
    const double high = upper_bound_spending(motion, t, to_spend - before);
    bounds.push_back(high / std::sqrt(t));
    if (k + 1 < shares.size()) motion.advance(t, -kInfinity, high);
    before = to_spend;
  }
  return bounds;
}

GroupSequential group_sequential(std::span<const double> shares, double alpha, double beta,
                                 Spending spending) {
  assert(!shares.empty() && std::abs(shares.back() - 1) < 1e-12);
  assert(alpha > 0 && alpha < 0.5 && beta > 0 && beta < 0.5);
  GroupSequential design;
  design.efficacy = efficacy_bounds(shares, alpha, spending);
  const double fixed = normal_quantile(1 - alpha) + normal_quantile(1 - beta);
  std::vector<double> to_spend;
  for (const double t : shares) to_spend.push_back(spent(spending, beta, t));
  const auto futility = [&](double drift) {
    return futility_bounds(shares, design.efficacy, to_spend, drift);
  };
  // More drift lifts the futility bounds; twice the fixed information is beyond what spending needs.
  const double drift = root(0.8 * fixed, 2 * fixed, [&](double tried) {
    return design.efficacy.back() - kNothing - futility(tried).back();
  });
  design.futility = futility(drift);
  design.futility.back() = design.efficacy.back();
  design.inflation = drift * drift / (fixed * fixed);
  design.expected_true = design.inflation * expected_share(shares, design, drift);
  design.expected_null = design.inflation * expected_share(shares, design, 0);
  return design;
}

std::vector<double> equal_looks(std::size_t looks) {
  std::vector<double> shares;
  for (std::size_t k = 1; k <= looks; ++k) {
    shares.push_back(static_cast<double>(k) / static_cast<double>(looks));
  }
  return shares;
}

}  // namespace tinyhil::stats
