// SPDX-License-Identifier: Apache-2.0
#include "more_groups.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "normal.hpp"
#include "sample_size.hpp"

namespace tinyhil::stats {
namespace {

constexpr double kMostGroups = 1e9;  // beyond any campaign

struct GroupSpread {
  double groups = 0, mean = 0, variance = 0;  // of the mean
};

double number_of(std::span<const GroupTotal> groups) {
  double number = 0;
  for (const GroupTotal& group : groups) number += group.groups;
  return number;
}

GroupSpread spread_of(std::span<const GroupTotal> groups) {
  GroupSpread spread;
  spread.groups = number_of(groups);
  double sum = 0, size = 0, squares = 0;
  for (const GroupTotal& group : groups) {
    sum += group.groups * group.sum;
    size += group.groups * group.size;
  }
  spread.mean = sum / size;
  for (const GroupTotal& group : groups)
    squares += group.groups * std::pow(group.sum - spread.mean * group.size, 2);
  if (spread.groups > 1) spread.variance = squares / (size * size) * spread.groups / (spread.groups - 1);
  return spread;
}

// The fewest groups, shares of each kind as seen, that show it.
double enough(std::span<const GroupTotal> groups, double limit, double lowest, double alpha) {
  const double seen = number_of(groups);
  const auto shows = [&](double count) {
    std::vector<GroupTotal> scaled(groups.begin(), groups.end());
    for (GroupTotal& group : scaled) group.groups *= count / seen;
    return p_above(scaled, limit, lowest) < alpha;
  };
  double few = seen, many = seen;
  while (many < kMostGroups && !shows(many)) {
    few = many;
    many = std::ceil(2 * many);
  }
  while (many - few > 1) {
    const double middle = std::ceil((few + many) / 2);
    if (middle >= many) break;
    (shows(middle) ? many : few) = middle;
  }
  return many;
}

}  // namespace

std::optional<std::uint64_t> more_groups(std::span<const GroupTotal> groups, double limit, double lowest,
                                         double alpha) {
  if (groups.empty()) return std::nullopt;
  const GroupSpread spread = spread_of(groups);
  const double slack = spread.mean - limit;
  if (slack <= 0) return std::nullopt;
  const double z = normal_quantile(1 - alpha) + normal_quantile(kPower);
  const double by_power = spread.groups * spread.variance * z * z / (slack * slack);
  const double wanted = std::max(by_power, enough(groups, limit, lowest, alpha));
  if (wanted >= kMostGroups) return std::nullopt;
  return static_cast<std::uint64_t>(std::max(1.0, std::ceil(wanted - spread.groups)));
}

}  // namespace tinyhil::stats
