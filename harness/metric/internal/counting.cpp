// SPDX-License-Identifier: Apache-2.0
#include "counting.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

#include "simd.hpp"

namespace tinyhil::metric {
namespace {

constexpr std::size_t kSmallTable = std::size_t{1} << 16;
constexpr std::size_t kLargestTable = std::size_t{1} << 24;

TINYHIL_SIMD void find_range(const std::uint32_t* at, std::size_t size, std::uint32_t& low,
                             std::uint32_t& high) {
  std::uint32_t least = at[0], most = at[0];
  for (std::size_t i = 0; i < size; ++i) {
    least = at[i] < least ? at[i] : least;  // GCC 12 makes no vector instructions of std::min here
    most = at[i] > most ? at[i] : most;
  }
  low = least;
  high = most;
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

Values::Values(std::span<const std::uint32_t> values) : all(values) {
  if (!values.empty()) find_range(values.data(), values.size(), low, high);
}

CountingHistogram::CountingHistogram(std::size_t expected)
    : most_(std::clamp(4 * expected, kSmallTable, kLargestTable)) {
  assert(expected <= std::numeric_limits<std::uint32_t>::max());
}

bool CountingHistogram::cover(std::int64_t low, std::int64_t high) {
  const auto size = static_cast<std::int64_t>(table_.size());
  if (size > 0 && low >= first_ && high < first_ + size) return true;
  if (size > 0) {
    low = std::min(low, first_);
    high = std::max(high, first_ + size - 1);
  }
  const std::int64_t wanted = high - low + 1, most = static_cast<std::int64_t>(most_);
  if (wanted > most) return false;
  const std::int64_t slack = std::min(wanted / 2, (most - wanted) / 2);  // so that it does not grow each time
  std::vector<std::uint32_t> grown(static_cast<std::size_t>(wanted + 2 * slack));
  const std::int64_t first = low - slack;
  if (size > 0) std::copy(table_.begin(), table_.end(), grown.begin() + (first_ - first));
  table_ = std::move(grown);
  first_ = first;
  return true;
}

void CountingHistogram::add(const Values& values) {
  if (values.all.empty()) return;
  if (!cover(values.low, values.high)) {
    far_.insert(far_.end(), values.all.begin(), values.all.end());
    return;
  }
  std::uint32_t* const counts = table_.data();
  const std::int64_t first = first_;
  for (const std::uint32_t value : values.all) ++counts[value - first];
}

void CountingHistogram::add_differences(const Values& candidate, const Values& baseline) {
  const std::span<const std::uint32_t> ours = candidate.all, theirs = baseline.all;
  assert(ours.size() == theirs.size());
  if (ours.empty()) return;
  if (!cover(std::int64_t{candidate.low} - baseline.high, std::int64_t{candidate.high} - baseline.low)) {
    for (std::size_t i = 0; i < ours.size(); ++i) far_.push_back(std::int64_t{ours[i]} - theirs[i]);
    return;
  }
  std::uint32_t* const counts = table_.data();
  const std::int64_t first = first_;
  for (std::size_t i = 0; i < ours.size(); ++i) ++counts[std::int64_t{ours[i]} - theirs[i] - first];
}

Histogram CountingHistogram::histogram() const {
  Histogram counted;
  for (std::size_t i = 0; i < table_.size(); ++i) {
    append(counted, first_ + static_cast<std::int64_t>(i), table_[i]);
  }
  return far_.empty() ? counted : merged(counted, histogram_of(far_));
}

}  // namespace tinyhil::metric
