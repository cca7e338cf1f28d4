// SPDX-License-Identifier: Apache-2.0
#include "board_effects.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "stats/internal/student.hpp"

namespace tinyhil::stats {
namespace {

// Sums over boards, weighted by 1 / (variance + tau2).
struct WeightedSums {
  double weight = 0, squared_weight = 0, mean = 0;
  double squares = 0;  // weighted, about the mean
};

WeightedSums weighted(std::span<const BoardDifference> boards, double tau2) {
  WeightedSums sum;
  for (const BoardDifference& board : boards) {
    assert(board.variance > 0);
    const double weight = 1 / (board.variance + tau2);
    sum.weight += weight;
    sum.squared_weight += weight * weight;
    sum.mean += weight * board.value;
  }
  sum.mean /= sum.weight;
  for (const BoardDifference& board : boards) {
    sum.squares += (board.value - sum.mean) * (board.value - sum.mean) / (board.variance + tau2);
  }
  return sum;
}

}  // namespace

double BoardEffect::t() const {
  if (se > 0) return estimate / se;
  return estimate == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), estimate);
}

double BoardEffect::p_two_sided() const { return student_p_two_sided(t(), degrees); }

Interval BoardEffect::bounds(double confidence) const {
  const double half = student_quantile(confidence, degrees) * se;
  return {estimate - half, estimate + half};
}

std::optional<BoardEffect> paired_boards(std::span<const double> differences) {
  if (differences.size() < 2) return std::nullopt;
  const auto boards = static_cast<double>(differences.size());
  const double mean = std::accumulate(differences.begin(), differences.end(), 0.0) / boards;
  double squares = 0;
  for (const double value : differences) squares += (value - mean) * (value - mean);
  return BoardEffect{mean, std::sqrt(squares / (boards - 1) / boards), boards - 1};
}

BoardSpread board_spread(std::span<const BoardDifference> boards) {
  assert(boards.size() >= 2);
  const WeightedSums fixed = weighted(boards, 0);
  const auto degrees = static_cast<double>(boards.size() - 1);
  const double excess = std::max(0.0, fixed.squares - degrees);
  BoardSpread spread;
  spread.q = fixed.squares;
  spread.p = boost::math::cdf(
      boost::math::complement(boost::math::chi_squared_distribution<double>(degrees), spread.q));
  spread.i2 = excess > 0 ? excess / spread.q : 0;
  spread.tau = std::sqrt(excess / (fixed.weight - fixed.squared_weight / fixed.weight));
  return spread;
}

std::optional<BoardEffect> hartung_knapp(std::span<const BoardDifference> boards) {
  if (boards.size() < 2) return std::nullopt;
  const double tau = board_spread(boards).tau;
  const WeightedSums random = weighted(boards, tau * tau);
  const auto degrees = static_cast<double>(boards.size() - 1);
  return BoardEffect{random.mean, std::sqrt(random.squares / (degrees * random.weight)), degrees};
}

}  // namespace tinyhil::stats
