// SPDX-License-Identifier: Apache-2.0
#include "rank_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "normal.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kMostCountingSteps = 2e6;  // of counting: a few milliseconds
constexpr std::uint64_t kMostSigned = 100;

// The largest k for which the first k weights are at most the share `tail` of all.
std::optional<std::uint64_t> rank_within(const std::vector<double>& weights, double all, double tail) {
  std::uint64_t k = 0;
  // A probability that is exactly the tail, such as 1/20, must not be lost to rounding.
  const double allowed = tail * all * (1 + 1e-12);
  for (double sum = 0; k < weights.size() && sum + weights[k] <= allowed; ++k) sum += weights[k];
  if (k == 0) return std::nullopt;
  return k;
}

std::optional<std::uint64_t> normal_rank(double mean, double sd, double tail) {
  const double k = std::floor(mean + normal_quantile(tail) * sd + 0.5);
  if (k < 1) return std::nullopt;
  return static_cast<std::uint64_t>(k);
}

// [u] in how many orders of n and m observations U is u, for the lower half: the coefficients of the Gaussian
// binomial, prod over i = 1 .. n of (1 - q^(m + i)) / (1 - q^i).
std::vector<double> rank_sum_orders(std::size_t n, std::size_t m) {
  std::vector<double> orders(n * m / 2 + 1);
  orders[0] = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t u = orders.size(); u-- > m + i;) orders[u] -= orders[u - m - i];
    for (std::size_t u = i; u < orders.size(); ++u) orders[u] += orders[u - i];
  }
  return orders;
}

double choose(double n, double k) {
  double ways = 1;
  for (double i = 1; i <= k; ++i) ways *= (n - k + i) / i;
  return ways;
}

// [w] the probability that the ranks of the positive ones sum to w.
std::vector<double> signed_rank_probabilities(std::size_t n) {
  std::vector<double> p(n * (n + 1) / 2 + 1);
  p[0] = 1;
  for (std::size_t rank = 1, end = 0; rank <= n; ++rank) {
    end += rank;
    for (std::size_t w = end + 1; w-- > 0;) p[w] = (p[w] + (w >= rank ? p[w - rank] : 0)) / 2;
  }
  return p;
}

}  // namespace

std::optional<std::uint64_t> mann_whitney_rank(std::uint64_t n, std::uint64_t m, double tail) {
  if (n == 0 || m == 0) return std::nullopt;
  const auto few = static_cast<double>(std::min(n, m)), many = static_cast<double>(std::max(n, m));
  if (few * few * many <= kMostCountingSteps) {
    return rank_within(rank_sum_orders(std::min(n, m), std::max(n, m)), choose(few + many, few), tail);
  }
  return normal_rank(few * many / 2, std::sqrt(few * many * (few + many + 1) / 12), tail);
}

std::optional<std::uint64_t> signed_rank_rank(std::uint64_t n, double tail) {
  if (n == 0) return std::nullopt;
  if (n <= kMostSigned) return rank_within(signed_rank_probabilities(n), 1, tail);
  const auto count = static_cast<double>(n);
  return normal_rank(count * (count + 1) / 4, std::sqrt(count * (count + 1) * (2 * count + 1) / 24), tail);
}

std::optional<double> signed_rank_tail(std::uint64_t n, std::uint64_t statistic) {
  if (n > kMostSigned) return std::nullopt;
  const std::vector<double> p = signed_rank_probabilities(n);
  const std::size_t end = std::min<std::size_t>(p.size(), statistic + 1);
  return std::accumulate(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
}

}  // namespace tinyhil::stats
