// SPDX-License-Identifier: Apache-2.0
#include "hodges_lehmann.hpp"

#include <cstdint>

#include "rank_distribution.hpp"
#include "stats/internal/merged_histogram.hpp"

namespace tinyhil::stats {
namespace {

// Pairs of (one of `falling`, one of `rising`) with rising - falling <= most, by two pointers.
std::uint64_t differences_within(const Histogram& falling, const Histogram& rising, std::int64_t most) {
  std::uint64_t pairs = 0, below = 0;
  auto next = rising.begin();
  for (const ValueCount& entry : falling) {
    for (; next != rising.end() && next->value <= entry.value + most; ++next) below += next->count;
    pairs += entry.count * below;
  }
  return pairs;
}

// Ordered pairs whose sum is at most `most`; the partner falls as the one rises.
std::uint64_t sums_within(const Histogram& values, std::int64_t most) {
  std::uint64_t pairs = 0, below = total(values);
  auto next = values.rbegin();
  for (const ValueCount& entry : values) {
    for (; next != values.rend() && entry.value + next->value > most; ++next) below -= next->count;
    pairs += entry.count * below;
  }
  return pairs;
}

std::uint64_t doubles_within(const Histogram& values, std::int64_t most) {
  std::uint64_t found = 0;
  for (const ValueCount& entry : values) {
    if (2 * entry.value <= most) found += entry.count;
  }
  return found;
}

struct Range {
  std::int64_t low, high;
};

// The smallest value in the range that at least `rank` of the counted do not exceed.
template <typename Count>
double ranked(std::uint64_t rank, Range range, const Count& count_within) {
  while (range.low < range.high) {
    const std::int64_t middle = range.low + (range.high - range.low) / 2;
    if (count_within(middle) >= rank) {
      range.high = middle;
    } else {
      range.low = middle + 1;
    }
  }
  return static_cast<double>(range.low);
}

// Median and bounds of `all` counted values; `rank` from either end.
template <typename Count>
Shift shift_of(std::uint64_t all, std::optional<std::uint64_t> rank, Range range, const Count& count_within) {
  const auto at = [&](std::uint64_t wanted) { return ranked(wanted, range, count_within); };
  Shift found;
  found.estimate = all % 2 == 1 ? at(all / 2 + 1) : (at(all / 2) + at(all / 2 + 1)) / 2;
  if (rank) found.interval = Interval{at(*rank), at(all + 1 - *rank)};
  return found;
}

}  // namespace

std::optional<Shift> shift(const Histogram& baseline, const Histogram& candidate, double confidence) {
  if (baseline.empty() || candidate.empty()) return std::nullopt;
  const std::uint64_t n = total(baseline), m = total(candidate);
  const Range range{candidate.front().value - baseline.back().value,
                    candidate.back().value - baseline.front().value};
  return shift_of(n * m, mann_whitney_rank(n, m, 1 - confidence), range,
                  [&](std::int64_t most) { return differences_within(baseline, candidate, most); });
}

std::optional<Shift> paired_shift(const Histogram& differences, double confidence) {
  if (differences.empty()) return std::nullopt;
  const std::uint64_t n = total(differences);
  const Range range{2 * differences.front().value, 2 * differences.back().value};
  Shift found = shift_of(n * (n + 1) / 2, signed_rank_rank(n, 1 - confidence), range, [&](std::int64_t most) {
    return (sums_within(differences, most) + doubles_within(differences, most)) / 2;
  });
  found.estimate /= 2;  // sums of two so far
  if (found.interval) found.interval = Interval{found.interval->low / 2, found.interval->high / 2};
  return found;
}

}  // namespace tinyhil::stats
