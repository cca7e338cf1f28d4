// SPDX-License-Identifier: Apache-2.0
#include "measure.hpp"

#include <algorithm>

#include "model/inference_rows.hpp"

namespace tinyhil::metric {
namespace {

std::optional<std::uint32_t> steps_of(const Rows& rows, std::size_t row, const RowQuantity& of) {
  if (!rows.timed(row)) return std::nullopt;
  return of.steps(rows.stored(), row);
}

// A vector with a single value has not shown that it repeats, so it does not count as repeatable.
bool repeats_equal(const Rows& rows, std::size_t first, std::size_t last, const RowQuantity& of) {
  std::size_t values = 0;
  std::uint32_t known = 0;
  for (std::size_t row = first; row < last; ++row) {
    const std::optional<std::uint32_t> steps = steps_of(rows, row, of);
    if (!steps) continue;
    if (values > 0 && *steps != known) return false;
    known = *steps;
    ++values;
  }
  return values != 1;
}

bool repeatable(const Rows& rows, const RowQuantity& of) {
  for (std::size_t row = 0; row < rows.size();) {
    const std::size_t end = rows.end_of_vector(row);
    if (!repeats_equal(rows, row, end, of)) return false;
    row = end;
  }
  return true;
}

void note_suspect(const Rows& rows, std::size_t row, const BoardIdentity& board, Measured& result) {
  if (result.suspect++ > 0 || board.clock_hz == 0) return;
  result.suspect_clock_us = 1e6 * rows.ticks(row) / board.clock_hz;
  if (board.timer_hz > 0) result.suspect_timer_us = 1e6 * rows.timer(row) / board.timer_hz;
}

void add_row(const Rows& rows, std::size_t row, const RowQuantity& of, Measured& result) {
  const std::optional<std::uint32_t> steps = of.steps(rows.stored(), row);
  if (!steps) return;
  result.sorted.push_back(*steps);
  std::uint32_t& first = result.by_vector[rows.vector(row)];
  if (first == 0) first = *steps;
}

}  // namespace

Measured measure(const Rows& rows, const TrialInfo& info, const RowQuantity& of) {
  Measured result;
  result.quantity = of.quantity;
  result.steps_per_base = of.steps_per_base(info);
  if (result.steps_per_base == 0 || info.mode == RunMode::throughput) return result;
  result.by_vector.resize(info.vector_count);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows.usable(row)) continue;
    if (rows.status(row) == RowStatus::clock_suspect) {
      note_suspect(rows, row, info.board, result);
    } else if (rows.status(row) == RowStatus::disturbed) {
      ++result.disturbed;
    } else {
      add_row(rows, row, of, result);
    }
  }
  std::sort(result.sorted.begin(), result.sorted.end());
  result.repeatable = info.repeats > 1 && !result.sorted.empty() && repeatable(rows, of);
  return result;
}

}  // namespace tinyhil::metric
