// SPDX-License-Identifier: Apache-2.0
#include "groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "stats/more_groups.hpp"

namespace tinyhil::gate {
namespace {

std::vector<stats::GroupTotal> negated(std::vector<stats::GroupTotal> totals) {
  for (stats::GroupTotal& total : totals) total.sum = -total.sum;
  return totals;
}

std::vector<stats::GroupTotal> equal_totals(const std::vector<stats::GroupTotal>& each) {
  std::map<std::pair<double, double>, double> alike;
  for (const stats::GroupTotal& group : each) alike[{group.sum, group.size}] += group.groups;
  std::vector<stats::GroupTotal> totals;
  for (const auto& [total, count] : alike) totals.push_back({total.first, total.second, count});
  return totals;
}

}  // namespace

std::string Groups::told() const { return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s"); }

bool shares_groups(const VectorSet& vectors) {
  const std::unordered_set<std::uint32_t> groups(vectors.group.begin(), vectors.group.end());
  return groups.size() < vectors.group.size();
}

Groups alike_together(const std::vector<stats::GroupTotal>& each, std::string unit) {
  Groups groups;
  groups.unit = std::move(unit);
  groups.count = each.size();
  if (std::ranges::all_of(each, [](const stats::GroupTotal& group) { return group.size == 1; }))
    return groups;
  groups.totals = equal_totals(each);
  return groups;
}

Groups each_vector(const std::vector<double>& values) {
  std::vector<stats::GroupTotal> each;
  for (const double value : values) each.push_back({value, 1, 1});
  return {equal_totals(each), values.size(), "vector", true};
}

Groups groups_of(const VectorSet& vectors, const std::function<std::optional<double>(std::size_t)>& value) {
  std::unordered_map<std::uint32_t, stats::GroupTotal> by_group;
  for (std::size_t i = 0; i < vectors.group.size(); ++i) {
    const std::optional<double> found = value(i);
    if (!found) continue;
    stats::GroupTotal& total =
        by_group.try_emplace(vectors.group[i], stats::GroupTotal{0, 0, 1}).first->second;
    total.sum += *found;
    total.size += 1;
  }
  std::vector<stats::GroupTotal> each;
  for (const auto& [group, total] : by_group) each.push_back(total);
  return alike_together(each, vectors.group_unit);
}

Interval share_bounds(const Groups& groups, double alpha) {
  if (groups.too_few()) return {0, 1};
  return {stats::mean_lower_bound(groups.totals, 0, 1 - alpha),
          stats::mean_upper_bound(groups.totals, 1, 1 - alpha)};
}

std::string from_groups(const Groups& groups, std::uint64_t vectors) {
  return groups.any() && !groups.are_vectors ? fmt::format(", {} vectors from {}", vectors, groups.told())
                                             : "";
}

std::optional<std::uint64_t> more_groups_above(const Groups& groups, double limit, double worst,
                                               double alpha) {
  if (groups.too_few()) return kFewestGroups - groups.count;
  return stats::more_groups(groups.totals, limit, worst, alpha);
}

std::optional<std::uint64_t> more_groups_below(const Groups& groups, double limit, double worst,
                                               double alpha) {
  if (groups.too_few()) return kFewestGroups - groups.count;
  return stats::more_groups(negated(groups.totals), -limit, -worst, alpha);
}

void ask_for_groups(Check& check, const Groups& groups, std::optional<std::uint64_t> more) {
  check.more_vectors.reset();
  if (groups.are_vectors) {
    check.more_vectors = more;
    return;
  }
  check.more_groups = more;
  check.group_unit = groups.unit;
}

std::string too_few_words(const Groups& groups) {
  if (!groups.too_few()) return "";
  return fmt::format("; too few {}s: {} say nothing of others, at least {} are needed", groups.unit,
                     groups.count, kFewestGroups);
}

bool read_ignores_groups(const Section& section) {
  return section.choice("groups", {"count", "ignore"}, "count") == "ignore";
}

std::string ignored_groups_note(const VectorSet& vectors, bool ignored) {
  if (vectors.group.empty() || !ignored) return "";
  return fmt::format("; vectors of one {} are taken for independent, as the policy says", vectors.group_unit);
}

}  // namespace tinyhil::gate
