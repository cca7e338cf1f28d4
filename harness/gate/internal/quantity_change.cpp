// SPDX-License-Identifier: Apache-2.0
#include "quantity_change.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "gate/groups.hpp"
#include "stats/blocks.hpp"
#include "stats/hodges_lehmann.hpp"
#include "stats/warm_up.hpp"

namespace tinyhil::gate {
namespace {

constexpr std::int64_t kFar = std::int64_t{1} << 50;  // more than any latency, even in parts of a tick
constexpr double kPartsOfTick = 1000;                 // means of blocks are no whole ticks

std::uint64_t count_of(const Histogram& histogram) {
  std::uint64_t count = 0;
  for (const ValueCount& each : histogram) count += each.count;
  return count;
}

double median_of(const Histogram& histogram) {
  const std::uint64_t half = (count_of(histogram) + 1) / 2;
  std::uint64_t seen = 0;
  for (const ValueCount& each : histogram) {
    seen += each.count;
    if (seen >= half) return static_cast<double>(each.value);
  }
  return 0;
}

// The shift of `change`, with found.unknown more that may lie anywhere.
void bound_by_ranks(const Histogram& change, double parts, double confidence, QuantityChange& found) {
  const std::optional<stats::Shift> seen = stats::paired_shift(change, confidence);
  if (!seen) return;
  found.estimate = seen->estimate / parts;
  Histogram slow = change, fast = change;
  if (found.unknown > 0) {
    slow.push_back({kFar, found.unknown});
    fast.insert(fast.begin(), {-kFar, found.unknown});
  }
  const std::optional<stats::Shift> upper = stats::paired_shift(slow, confidence),
                                    lower = stats::paired_shift(fast, confidence);
  if (!upper || !lower || !upper->interval || !lower->interval) return;
  const Interval interval{lower->interval->low, upper->interval->high};
  const double known = static_cast<double>(kFar) / 4;
  if (interval.low < -known || interval.high > known) return;
  found.interval = Interval{interval.low / parts, interval.high / parts};
}

// Neighbours in time: a board warms up from one vector run to the next, whatever their places in the set are.
std::vector<std::uint32_t> in_time(const Sample& sample, std::size_t vectors) {
  std::vector<std::uint32_t> order = sample.order;
  if (order.empty()) {
    order.resize(vectors);
    std::iota(order.begin(), order.end(), 0u);
  }
  order.resize(std::min<std::size_t>(order.size(), sample.drawn));
  return order;
}

std::vector<double> changes_in_time(const Evidence& evidence, const Quantity& quantity) {
  const std::vector<std::uint32_t>&candidate = measured(evidence.candidate, quantity).by_vector,
        &baseline = measured(evidence.baseline, quantity).by_vector;
  const std::size_t vectors = std::min(candidate.size(), baseline.size());
  std::vector<double> changes;
  for (const std::uint32_t i : in_time(evidence.sample, vectors)) {
    if (i >= vectors || candidate[i] == 0 || baseline[i] == 0) continue;
    changes.push_back(static_cast<double>(candidate[i]) - static_cast<double>(baseline[i]));
  }
  return changes;
}

Histogram histogram_of(const std::vector<double>& values) {
  std::map<std::int64_t, std::uint64_t> counts;
  for (const double value : values) ++counts[std::llround(value * kPartsOfTick)];
  Histogram histogram;
  for (const auto& [value, count] : counts) histogram.push_back({value, count});
  return histogram;
}

void bound_by_blocks(const Evidence& evidence, const Quantity& quantity, double confidence,
                     QuantityChange& found) {
  const std::vector<double> changes = changes_in_time(evidence, quantity);
  const std::optional<std::size_t> cut = stats::warm_up_cut(changes);
  found.settled = cut.has_value();
  if (!cut) return;
  const std::span<const double> steady = std::span(changes).subspan(*cut);
  const std::vector<double> means = stats::block_means(steady, stats::block_length(steady));
  bound_by_ranks(histogram_of(means), kPartsOfTick, confidence, found);
}

// Sums of changes by group; nothing of a vector without a timing on both sides.
Groups changes_by_group(const Evidence& evidence, const Quantity& quantity) {
  const std::vector<std::uint32_t>&candidate = measured(evidence.candidate, quantity).by_vector,
        &baseline = measured(evidence.baseline, quantity).by_vector;
  return groups_of(evidence.vectors, [&](std::size_t i) -> std::optional<double> {
    if (i >= candidate.size() || i >= baseline.size() || candidate[i] == 0 || baseline[i] == 0)
      return std::nullopt;
    return static_cast<double>(candidate[i]) - static_cast<double>(baseline[i]);
  });
}

// As many groups may be wholly unknown as there are vectors without a timing.
void bound_by_groups(const Groups& groups, double confidence, QuantityChange& found) {
  found.few_groups = groups.too_few();
  found.interval.reset();
  if (found.few_groups) return;
  std::vector<double> means;
  for (const stats::GroupTotal& group : groups.totals)
    means.insert(means.end(), static_cast<std::size_t>(group.groups), group.sum / group.size);
  bound_by_ranks(histogram_of(means), kPartsOfTick, confidence, found);
}

// Of blocks in time and of groups the wider one; none unless both are known.
void widen_by_groups(const Groups& groups, double confidence, QuantityChange& found) {
  const std::optional<Interval> seen = found.interval;
  const double estimate = found.estimate;
  bound_by_groups(groups, confidence, found);
  found.estimate = estimate;
  if (!seen) found.interval.reset();
  if (!found.interval) return;
  found.interval =
      Interval{std::min(seen->low, found.interval->low), std::max(seen->high, found.interval->high)};
}

ChangeKind kind_of(const Evidence& evidence, const Quantity& quantity, std::uint64_t unknown) {
  const PairedSteps& paired = evidence.comparison.of(quantity);
  if (unknown == 0 && paired.candidate.size() == 1 && paired.baseline.size() == 1)
    return ChangeKind::deterministic;
  const bool both =
      measured(evidence.candidate, quantity).repeatable && measured(evidence.baseline, quantity).repeatable;
  return both ? ChangeKind::repeatable : ChangeKind::noisy;
}

}  // namespace

QuantityChange quantity_change(const Evidence& evidence, const Quantity& quantity, double confidence,
                               bool ignore_groups) {
  const PairedSteps& paired = evidence.comparison.of(quantity);
  QuantityChange found;
  found.unknown = evidence.sample.drawn - count_of(paired.change);
  found.median = median_of(paired.baseline);
  found.kind = kind_of(evidence, quantity, found.unknown);
  const Groups groups = ignore_groups ? Groups{} : changes_by_group(evidence, quantity);
  switch (found.kind) {
    case ChangeKind::deterministic:
      found.estimate = static_cast<double>(paired.change.front().value);
      break;
    case ChangeKind::repeatable:
      bound_by_ranks(paired.change, 1, confidence, found);
      if (groups.any()) bound_by_groups(groups, confidence, found);
      break;
    case ChangeKind::noisy:
      bound_by_blocks(evidence, quantity, confidence, found);
      if (groups.any()) widen_by_groups(groups, confidence, found);
      break;
  }
  return found;
}

}  // namespace tinyhil::gate
