// SPDX-License-Identifier: Apache-2.0
#include "latency.hpp"

#include <algorithm>

namespace tinyhil {
namespace {

// A vector with a single timing has not shown that it repeats, so it does not count as repeatable.
bool repeats_equal(const Rows& rows, std::size_t first, std::size_t last) {
  std::size_t timings = 0;
  std::uint32_t ticks = 0;
  for (std::size_t row = first; row < last; ++row) {
    if (!rows.timed(row)) continue;
    if (timings > 0 && rows.ticks(row) != ticks) return false;
    ticks = rows.ticks(row);
    ++timings;
  }
  return timings != 1;
}

bool repeatable(const Rows& rows) {
  for (std::size_t row = 0; row < rows.size();) {
    const std::size_t end = rows.end_of_vector(row);
    if (!repeats_equal(rows, row, end)) return false;
    row = end;
  }
  return true;
}

}  // namespace

Latency latency(const Rows& rows, const TrialInfo& info) {
  Latency result;
  result.clock_hz = info.board.clock_hz;
  if (result.clock_hz == 0 || info.mode == RunMode::throughput) return result;
  result.by_vector.resize(info.vector_count);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows.usable(row)) continue;
    if (rows.status(row) == RowStatus::clock_suspect) {
      ++result.suspect;
    } else if (rows.status(row) == RowStatus::disturbed) {
      ++result.disturbed;
    } else {
      result.sorted.push_back(rows.ticks(row));
      std::uint32_t& first = result.by_vector[rows.vector(row)];
      if (first == 0) first = rows.ticks(row);
    }
  }
  std::sort(result.sorted.begin(), result.sorted.end());
  result.repeatable = info.repeats > 1 && !result.sorted.empty() && repeatable(rows);
  return result;
}

}  // namespace tinyhil
