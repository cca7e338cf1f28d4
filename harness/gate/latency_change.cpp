// SPDX-License-Identifier: Apache-2.0
#include "latency_change.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "stats/blocks.hpp"
#include "stats/hodges_lehmann.hpp"
#include "stats/warm_up.hpp"

namespace tinyhil {
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

// The shift of `change`, with `unknown` more that may lie anywhere.
void bound_by_ranks(const Histogram& change, double parts, double confidence, LatencyChange& found) {
  const std::optional<Shift> seen = paired_shift(change, confidence);
  if (!seen) return;
  found.estimate = seen->estimate / parts;
  Histogram slow = change, fast = change;
  if (found.unknown > 0) {
    slow.push_back({kFar, found.unknown});
    fast.insert(fast.begin(), {-kFar, found.unknown});
  }
  const std::optional<Shift> upper = paired_shift(slow, confidence), lower = paired_shift(fast, confidence);
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

std::vector<double> changes_in_time(const Evidence& evidence) {
  const std::vector<std::uint32_t>&candidate = evidence.candidate.latency.by_vector,
        &baseline = evidence.baseline.latency.by_vector;
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

void bound_by_blocks(const Evidence& evidence, double confidence, LatencyChange& found) {
  const std::vector<double> changes = changes_in_time(evidence);
  const std::optional<std::size_t> cut = warm_up_cut(changes);
  found.settled = cut.has_value();
  if (!cut) return;
  const std::span<const double> steady = std::span(changes).subspan(*cut);
  const std::vector<double> means = block_means(steady, block_length(steady));
  bound_by_ranks(histogram_of(means), kPartsOfTick, confidence, found);
}

LatencyKind kind_of(const Evidence& evidence, std::uint64_t unknown) {
  const Comparison& comparison = evidence.comparison;
  if (unknown == 0 && comparison.candidate_ticks.size() == 1 && comparison.baseline_ticks.size() == 1)
    return LatencyKind::deterministic;
  const bool both = evidence.candidate.latency.repeatable && evidence.baseline.latency.repeatable;
  return both ? LatencyKind::repeatable : LatencyKind::noisy;
}

}  // namespace

LatencyChange latency_change(const Evidence& evidence, double confidence) {
  const Comparison& comparison = evidence.comparison;
  LatencyChange found;
  found.unknown = evidence.sample.drawn - count_of(comparison.tick_change);
  found.median = median_of(comparison.baseline_ticks);
  found.kind = kind_of(evidence, found.unknown);
  switch (found.kind) {
    case LatencyKind::deterministic:
      found.estimate = static_cast<double>(comparison.tick_change.front().value);
      break;
    case LatencyKind::repeatable:
      bound_by_ranks(comparison.tick_change, 1, confidence, found);
      break;
    case LatencyKind::noisy:
      bound_by_blocks(evidence, confidence, found);
      break;
  }
  return found;
}

}  // namespace tinyhil
