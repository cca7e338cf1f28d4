// SPDX-License-Identifier: Apache-2.0
#include "counting.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace tinyhil {
namespace {

constexpr std::size_t kSmallTable = std::size_t{1} << 16;
constexpr std::size_t kLargestTable = std::size_t{1} << 24;

struct Range {
  std::uint32_t low, high;
};

Range range_of(std::span<const std::uint32_t> values) {
  Range range{values[0], values[0]};
  for (const std::uint32_t value : values) {
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return range;
}

void append(Histogram& histogram, std::int64_t value, std::uint64_t count) {
  if (count == 0) return;
  if (!histogram.empty() && histogram.back().value == value) {
    histogram.back().count += count;
  } else {
    histogram.push_back({value, count});
  }
}

// Both ascending, without a value in common or with one: it is then counted together.
Histogram merged(const Histogram& a, const Histogram& b) {
  Histogram both(a.size() + b.size()), result;
  std::merge(a.begin(), a.end(), b.begin(), b.end(), both.begin(),
             [](const ValueCount& x, const ValueCount& y) { return x.value < y.value; });
  for (const ValueCount& entry : both) append(result, entry.value, entry.count);
  return result;
}

}  // namespace

Histogram histogram_of(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  Histogram result;
  for (const std::int64_t value : values) append(result, value, 1);
  return result;
}

CountingHistogram::CountingHistogram(std::size_t expected)
    : most_(std::clamp(4 * expected, kSmallTable, kLargestTable)) {
  assert(expected <= std::numeric_limits<std::uint32_t>::max());
}

bool CountingHistogram::cover(std::int64_t low, std::int64_t high) {
  const auto size = static_cast<std::int64_t>(table_.size() / 2);
  if (size > 0 && low >= first_ && high < first_ + size) return true;
  if (size > 0) {
    low = std::min(low, first_);
    high = std::max(high, first_ + size - 1);
  }
  const std::int64_t wanted = high - low + 1, most = static_cast<std::int64_t>(most_);
  if (wanted > most) return false;
  const std::int64_t slack = std::min(wanted / 2, (most - wanted) / 2);  // so that it does not grow each time
  std::vector<std::uint32_t> grown(2 * static_cast<std::size_t>(wanted + 2 * slack));
  const std::int64_t first = low - slack;
  if (size > 0) std::copy(table_.begin(), table_.end(), grown.begin() + 2 * (first_ - first));
  table_ = std::move(grown);
  first_ = first;
  return true;
}

void CountingHistogram::add(std::span<const std::uint32_t> values) {
  if (values.empty()) return;
  const Range range = range_of(values);
  if (!cover(range.low, range.high)) {
    far_.insert(far_.end(), values.begin(), values.end());
    return;
  }
  std::uint32_t* const counts = table_.data();
  for (std::size_t i = 0; i < values.size(); ++i) ++counts[2 * (values[i] - first_) + (i & 1)];
}

void CountingHistogram::add_differences(std::span<const std::uint32_t> candidate,
                                        std::span<const std::uint32_t> baseline) {
  assert(candidate.size() == baseline.size());
  if (candidate.empty()) return;
  const Range ours = range_of(candidate), theirs = range_of(baseline);
  const bool covered = cover(std::int64_t{ours.low} - theirs.high, std::int64_t{ours.high} - theirs.low);
  std::uint32_t* const counts = table_.data();
  for (std::size_t i = 0; i < candidate.size(); ++i) {
    const std::int64_t difference = std::int64_t{candidate[i]} - baseline[i];
    if (covered) {
      ++counts[2 * (difference - first_) + static_cast<std::int64_t>(i & 1)];
    } else {
      far_.push_back(difference);
    }
  }
}

Histogram CountingHistogram::histogram() const {
  Histogram counted;
  for (std::size_t i = 0; i < table_.size() / 2; ++i) {
    append(counted, first_ + static_cast<std::int64_t>(i), std::uint64_t{table_[2 * i]} + table_[2 * i + 1]);
  }
  return far_.empty() ? counted : merged(counted, histogram_of(far_));
}

}  // namespace tinyhil
