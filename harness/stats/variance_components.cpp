// SPDX-License-Identifier: Apache-2.0
#include "variance_components.hpp"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <limits>
#include <numeric>

namespace tinyhil::stats {
namespace {

struct GroupSums {
  double groups = 0, n = 0, squared_n = 0, total = 0, within = 0, between = 0;
};

GroupSums sums_of(std::span<const GroupMoments> groups) {
  GroupSums sums;
  for (const GroupMoments& group : groups) {
    const auto n = static_cast<double>(group.n);
    sums.groups += group.n > 0 ? 1 : 0;
    sums.n += n;
    sums.squared_n += n * n;
    sums.total += n * group.mean;
    sums.within += group.squares;
  }
  for (const GroupMoments& group : groups) {
    const double distance = group.mean - sums.total / sums.n;
    sums.between += static_cast<double>(group.n) * distance * distance;
  }
  return sums;
}

}  // namespace

GroupMoments moments_of(std::span<const double> values) {
  if (values.empty()) return {};
  GroupMoments moments;
  moments.n = values.size();
  moments.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  for (const double value : values) moments.squares += (value - moments.mean) * (value - moments.mean);
  return moments;
}

std::optional<VarianceComponents> one_way(std::span<const GroupMoments> groups) {
  const GroupSums sums = sums_of(groups);
  if (sums.groups < 2 || sums.n <= sums.groups) return std::nullopt;
  const double between_degrees = sums.groups - 1, within_degrees = sums.n - sums.groups;
  const double mean_square = sums.between / between_degrees;
  const double n0 = (sums.n - sums.squared_n / sums.n) / between_degrees;
  VarianceComponents found;
  found.within = sums.within / within_degrees;
  found.between = std::max(0.0, (mean_square - found.within) / n0);
  if (mean_square == 0) return found;
  found.icc = found.between / (found.between + found.within);
  found.f = found.within > 0 ? mean_square / found.within : std::numeric_limits<double>::infinity();
  const boost::math::fisher_f_distribution<double> f(between_degrees, within_degrees);
  found.p = found.within > 0 ? boost::math::cdf(boost::math::complement(f, found.f)) : 0;
  return found;
}

}  // namespace tinyhil::stats
