// SPDX-License-Identifier: Apache-2.0
#include "design_effect.hpp"

#include <algorithm>
#include <cmath>

#include "normal.hpp"
#include "stats/internal/student.hpp"

namespace tinyhil::stats {
namespace {

struct PairTotals {
  Pairs pairs;
  double groups = 0;
  double squared_sizes = 0;  // sum of n_g^2

  double worst() const { return squared_sizes / pairs.n; }
  bool grouped() const { return groups < pairs.n; }
};

PairTotals totals(std::span<const PairCounts> groups) {
  PairTotals sum;
  for (const PairCounts& group : groups) {
    const auto n = static_cast<double>(group.n());
    sum.pairs.lost += static_cast<double>(group.lost);
    sum.pairs.gained += static_cast<double>(group.gained);
    sum.pairs.n += n;
    sum.groups += n > 0;
    sum.squared_sizes += n * n;
  }
  return sum;
}

// Sum over groups of the squared excess of its differences over the mean difference.
double between_groups(std::span<const PairCounts> groups, double mean) {
  double squares = 0;
  for (const PairCounts& group : groups) {
    const double excess = static_cast<double>(group.gained) - static_cast<double>(group.lost) -
                          static_cast<double>(group.n()) * mean;
    squares += excess * excess;
  }
  return squares;
}

double effect(std::span<const PairCounts> groups, const PairTotals& sum) {
  if (!sum.grouped()) return 1;
  if (sum.groups < 2) return sum.pairs.n;
  const double mean = sum.pairs.difference();
  const double clustered = between_groups(groups, mean) * sum.groups / (sum.groups - 1);
  const double independent =
      (sum.pairs.lost + sum.pairs.gained - sum.pairs.n * mean * mean) * sum.pairs.n / (sum.pairs.n - 1);
  return std::max(1.0, (clustered + sum.worst()) / (independent + 1));
}

}  // namespace

double design_effect(std::span<const PairCounts> groups) { return effect(groups, totals(groups)); }

Pairs independent_worth(std::span<const PairCounts> groups, double confidence) {
  const PairTotals sum = totals(groups);
  if (!sum.grouped()) return sum.pairs;
  if (sum.groups < 2) return sum.pairs.scaled(1 / sum.pairs.n);
  const double z = normal_quantile(confidence), t = student_quantile(confidence, sum.groups - 1);
  return sum.pairs.scaled(z * z / (t * t) / effect(groups, sum));
}

}  // namespace tinyhil::stats
