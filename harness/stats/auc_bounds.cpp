// SPDX-License-Identifier: Apache-2.0
#include "auc_bounds.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "delong.hpp"
#include "group_mean.hpp"
#include "rates.hpp"

namespace tinyhil::stats {
namespace {

constexpr std::size_t kMostUnlikeGroups = 4096;
constexpr double kGrid = 8192;

struct GroupSum {
  double sum = 0, size = 0;
  auto operator<=>(const GroupSum&) const = default;
};

using ByGroup = std::map<std::uint32_t, GroupSum>;

// Changes of one kind of vectors, by group.
ByGroup half_of(const std::vector<double>& changes, const std::vector<bool>& is_class, bool wanted,
                std::span<const std::uint32_t> groups) {
  ByGroup half;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (is_class[i] != wanted) continue;
    GroupSum& group = half[groups.empty() ? static_cast<std::uint32_t>(i) : groups[i]];
    group.sum += changes[i];
    group.size += 1;
  }
  return half;
}

// Equal groups as one entry; to the grid below (above) where there are too many unlike ones.
std::vector<GroupTotal> totals(const ByGroup& half, double (*outward)(double)) {
  std::map<GroupSum, double> times;
  for (const auto& [group, sum] : half) times[sum] += 1;
  if (times.size() > kMostUnlikeGroups) {
    times.clear();
    for (const auto& [group, sum] : half)
      times[{outward(sum.sum / sum.size * kGrid) / kGrid * sum.size, sum.size}] += 1;
  }
  std::vector<GroupTotal> totals;
  for (const auto& [sum, count] : times) totals.push_back({sum.sum, sum.size, count});
  return totals;
}

double mean_of(const ByGroup& half) {
  GroupSum all;
  for (const auto& [group, sum] : half) all.sum += sum.sum, all.size += sum.size;
  return all.sum / all.size;
}

bool share_a_group(const ByGroup& a, const ByGroup& b) {
  return std::ranges::any_of(a, [&](const auto& group) { return b.contains(group.first); });
}

}  // namespace

Interval auc_bounds(const ClassScores& scores, std::span<const std::uint32_t> groups, double confidence) {
  const std::vector<double> changes = placement_changes(scores);
  assert(groups.empty() || groups.size() == changes.size());
  const ByGroup positives = half_of(changes, scores.is_class, true, groups);
  const ByGroup negatives = half_of(changes, scores.is_class, false, groups);
  const double difference = mean_of(positives);
  const bool together = share_a_group(positives, negatives);
  const auto width = [&](double a, double b) {
    return together ? std::abs(a) + std::abs(b) : std::hypot(a, b);
  };
  const auto low = [&](const ByGroup& half) {
    return difference - mean_lower_bound(totals(half, std::floor), -1, confidence);
  };
  const auto high = [&](const ByGroup& half) {
    return mean_upper_bound(totals(half, std::ceil), 1, confidence) - difference;
  };
  return {std::max(-1.0, difference - width(low(positives), low(negatives))),
          std::min(1.0, difference + width(high(positives), high(negatives)))};
}

std::uint64_t fewest_of_class(double margin, std::uint64_t negatives, double confidence) {
  const double of_negatives = rate_upper_bound(0, negatives, confidence);
  if (of_negatives >= margin) return 0;
  return fewest_without_event(std::sqrt(margin * margin - of_negatives * of_negatives), confidence);
}

}  // namespace tinyhil::stats
