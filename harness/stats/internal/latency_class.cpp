// SPDX-License-Identifier: Apache-2.0
#include "latency_class.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <unordered_map>

namespace tinyhil::stats {
namespace {

constexpr std::size_t kFewValues = 4;
constexpr std::size_t kLongestCycle = 8;
constexpr std::size_t kFewestCycles = 10;

bool one_value(std::span<const TimedVector> series) {
  return std::all_of(series.begin(), series.end(),
                     [&](const TimedVector& row) { return row.ticks == series.front().ticks; });
}

bool repeats_by_vector(std::span<const TimedVector> series) {
  struct Seen {
    std::uint32_t ticks;
    bool again = false;
  };
  std::unordered_map<std::uint32_t, Seen> seen;
  for (const TimedVector& row : series) {
    const auto [entry, first] = seen.try_emplace(row.vector, Seen{row.ticks});
    if (first) continue;
    if (entry->second.ticks != row.ticks) return false;
    entry->second.again = true;
  }
  return std::all_of(seen.begin(), seen.end(), [](const auto& entry) { return entry.second.again; });
}

bool has_few_values(std::span<const TimedVector> series) {
  std::set<std::uint32_t> values;
  for (const TimedVector& row : series) {
    values.insert(row.ticks);
    if (values.size() > kFewValues) return false;
  }
  return true;
}

bool returns_every(std::size_t period, std::span<const TimedVector> series) {
  if (series.size() < kFewestCycles * period) return false;
  for (std::size_t i = period; i < series.size(); ++i) {
    if (series[i].ticks != series[i - period].ticks) return false;
  }
  return true;
}

bool is_a_cycle(std::span<const TimedVector> series) {
  if (!has_few_values(series)) return false;
  for (std::size_t period = 2; period <= kLongestCycle; ++period) {
    if (returns_every(period, series)) return true;
  }
  return false;
}

}  // namespace

LatencyClass latency_class(std::span<const TimedVector> series) {
  if (series.empty()) return LatencyClass::noisy;
  if (one_value(series)) return LatencyClass::deterministic;
  if (repeats_by_vector(series)) return LatencyClass::repeatable;
  return is_a_cycle(series) ? LatencyClass::deterministic : LatencyClass::noisy;
}

}  // namespace tinyhil::stats
