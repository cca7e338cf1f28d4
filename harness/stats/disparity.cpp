// SPDX-License-Identifier: Apache-2.0
#include "disparity.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "intervals.hpp"

namespace tinyhil::stats {
namespace {

struct Rate {
  double p, low, high;
};

std::vector<Rate> rates(std::span<const GroupRate> groups, double alpha) {
  std::vector<Rate> found;
  for (const GroupRate& group : groups) {
    if (group.n == 0) continue;
    const Interval limits = wilson(group.successes, group.n, 1 - 2 * alpha);
    found.push_back(
        {static_cast<double>(group.successes) / static_cast<double>(group.n), limits.low, limits.high});
  }
  return found;
}

double upper_difference(const Rate& i, const Rate& j) {
  return i.p - j.p + std::hypot(i.high - i.p, j.p - j.low);
}

double lower_difference(const Rate& i, const Rate& j) {
  return i.p - j.p - std::hypot(i.p - i.low, j.high - j.p);
}

// The largest value over ordered pairs of groups; 0 when there is no pair, as no gap is smaller.
double largest(const std::vector<Rate>& rates, double (*of)(const Rate&, const Rate&)) {
  double found = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    for (std::size_t j = 0; j < rates.size(); ++j) {
      if (i != j) found = std::max(found, of(rates[i], rates[j]));
    }
  }
  return found;
}

void name_extremes(std::span<const GroupRate> groups, Gap& gap) {
  double low = 2, high = -1;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].n == 0) continue;
    const double p = static_cast<double>(groups[i].successes) / static_cast<double>(groups[i].n);
    if (p < low) low = p, gap.lowest = i;
    if (p > high) high = p, gap.highest = i;
  }
  gap.estimate = std::max(0.0, high - low);
}

double mean_of(const std::vector<GroupTotal>& groups) {
  double sum = 0, size = 0;
  for (const GroupTotal& group : groups) sum += group.groups * group.sum, size += group.groups * group.size;
  return sum / size;
}

using Totals = std::vector<GroupTotal> ValueTotals::*;

// Each limit at alpha.
std::vector<Rate> bounded(std::span<const ValueTotals> values, Totals totals, double lowest, double alpha) {
  std::vector<Rate> found;
  for (const ValueTotals& value : values) {
    const std::vector<GroupTotal>& groups = value.*totals;
    if (!groups.empty())
      found.push_back({mean_of(groups), mean_lower_bound(groups, lowest, 1 - alpha),
                       mean_upper_bound(groups, 1, 1 - alpha)});
  }
  return found;
}

double ordered_pairs(std::size_t values) {
  return static_cast<double>(values) * (static_cast<double>(values) - 1);
}

double gap_of(const std::vector<Rate>& rates) {
  return largest(rates, [](const Rate& i, const Rate& j) { return i.p - j.p; });
}

// Any pair can be the one that misleads, so they share alpha.
double lower_gap(std::span<const ValueTotals> values, Totals totals, double alpha) {
  return largest(bounded(values, totals, 0, alpha / ordered_pairs(values.size())), lower_difference);
}

double upper_change(std::span<const ValueTotals> values, double alpha) {
  const std::vector<Rate> change = bounded(values, &ValueTotals::change, -1, alpha / 2);
  const std::vector<Rate> candidate = bounded(values, &ValueTotals::candidate, 0, alpha / 4);
  const double gap_before = lower_gap(values, &ValueTotals::baseline, alpha / 4);
  double upper = -1;
  for (std::size_t g = 0; g < values.size(); ++g) {
    for (std::size_t h = 0; h < values.size(); ++h) {
      if (g == h) continue;
      upper = std::max(upper, std::min(upper_difference(change[g], change[h]),
                                       upper_difference(candidate[g], candidate[h]) - gap_before));
    }
  }
  return std::min(upper, 1.0);
}

void add(std::vector<GroupTotal>& totals, std::uint64_t count, std::uint64_t of, double times) {
  if (times > 0) totals.push_back({static_cast<double>(count), static_cast<double>(of), times});
}

}  // namespace

Interval difference_of_rates(const GroupRate& a, const GroupRate& b, double confidence) {
  const std::array<GroupRate, 2> both{a, b};
  const std::vector<Rate> found = rates(both, 1 - confidence);
  if (found.size() < 2) return {-1, 1};
  return {lower_difference(found[0], found[1]), upper_difference(found[0], found[1])};
}

Gap largest_gap(std::span<const GroupRate> groups, double confidence) {
  assert(confidence > 0.5 && confidence < 1);
  Gap gap;
  if (groups.size() < 2) return gap;
  const auto k = static_cast<double>(groups.size());
  const double alpha = (1 - confidence) / (k * (k - 1) / 2);
  const std::vector<Rate> upper = rates(groups, alpha);
  gap.interval.low = largest(rates(groups, alpha / 2), lower_difference);
  gap.interval.high = upper.size() < groups.size() ? 1 : std::min(1.0, largest(upper, upper_difference));
  name_extremes(groups, gap);
  return gap;
}

ValueTotals totals_of(const PairCounts& vectors) {
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  ValueTotals value;
  add(value.baseline, 1, 1, number(vectors.both_right + vectors.lost));
  add(value.baseline, 0, 1, number(vectors.both_wrong + vectors.gained));
  add(value.candidate, 1, 1, number(vectors.both_right + vectors.gained));
  add(value.candidate, 0, 1, number(vectors.both_wrong + vectors.lost));
  for (const GroupTotal& one : {GroupTotal{-1, 1, number(vectors.lost)},
                                {1, 1, number(vectors.gained)},
                                {0, 1, number(vectors.both_right + vectors.both_wrong)}}) {
    if (one.groups > 0) value.change.push_back(one);
  }
  return value;
}

ValueTotals totals_of(std::span<const PairCounts> groups) {
  ValueTotals value;
  for (const PairCounts& group : groups) {
    if (group.n() == 0) continue;
    add(value.baseline, group.both_right + group.lost, group.n(), 1);
    add(value.candidate, group.both_right + group.gained, group.n(), 1);
    value.change.push_back({static_cast<double>(group.gained) - static_cast<double>(group.lost),
                            static_cast<double>(group.n()), 1});
  }
  return value;
}

Interval largest_gap_bounds(std::span<const ValueTotals> values, double confidence) {
  assert(confidence > 0.5 && confidence < 1);
  if (values.size() < 2) return {};
  const std::vector<Rate> upper =
      bounded(values, &ValueTotals::candidate, 0, (1 - confidence) / (ordered_pairs(values.size()) / 2));
  return {lower_gap(values, &ValueTotals::candidate, 1 - confidence),
          upper.size() < values.size() ? 1 : std::min(1.0, largest(upper, upper_difference))};
}

GapChange gap_change(std::span<const ValueTotals> values, double confidence) {
  assert(confidence > 0.5 && confidence < 1);
  if (values.size() < 2) return {};
  const double half = (1 - confidence) / 2;
  const std::vector<Rate> before = bounded(values, &ValueTotals::baseline, 0, half);
  GapChange change{gap_of(bounded(values, &ValueTotals::candidate, 0, half)) - gap_of(before), {-1, 1}};
  if (before.size() < values.size()) return change;
  change.interval = {lower_gap(values, &ValueTotals::candidate, half) - largest(before, upper_difference),
                     upper_change(values, 1 - confidence)};
  change.interval.low = std::clamp(change.interval.low, -1.0, change.interval.high);
  return change;
}

}  // namespace tinyhil::stats
