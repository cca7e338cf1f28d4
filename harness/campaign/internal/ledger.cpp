// SPDX-License-Identifier: Apache-2.0
#include "ledger.hpp"

#include <algorithm>

#include "model/inference_rows.hpp"

namespace tinyhil::campaign {

Ledger::Ledger(std::size_t vectors, std::size_t repeats)
    : repeats_(repeats),
      cells_(vectors * repeats, false),
      missing_of_(vectors, static_cast<std::uint16_t>(repeats)),
      missing_(cells_.size()) {}

void Ledger::mark(const InferenceRows& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t cell = rows.vector[row] * repeats_ + rows.repeat[row];
    if (cell >= cells_.size() || cells_[cell]) continue;
    cells_[cell] = true;
    --missing_;
    if (--missing_of_[rows.vector[row]] == 0) ++vectors_done_;
    if (rows.status[row] == static_cast<std::uint8_t>(RowStatus::quarantined)) {
      quarantined_.insert(OrderPosition{rows.vector[row]});
    }
  }
}

std::vector<bool> Ledger::done(std::size_t first, std::size_t count) const {
  const auto begin = cells_.begin() + static_cast<std::ptrdiff_t>(first * repeats_);
  return {begin, begin + static_cast<std::ptrdiff_t>(count * repeats_)};
}

bool Ledger::is_done(std::size_t first, std::size_t count) const {
  const std::vector<bool> each = done(first, count);
  return std::find(each.begin(), each.end(), false) == each.end();
}

InferenceRows Ledger::quarantine(OrderPosition vector, std::size_t output_size) {
  InferenceRows rows;
  rows.output_size = output_size;
  for (std::size_t repeat = 0; repeat < repeats_; ++repeat) {
    if (cells_[vector.value * repeats_ + repeat]) continue;
    const std::size_t row = rows.add_row();
    rows.vector[row] = vector.value;
    rows.repeat[row] = static_cast<std::uint16_t>(repeat);
    rows.status[row] = static_cast<std::uint8_t>(RowStatus::quarantined);
  }
  return rows;
}

}  // namespace tinyhil::campaign
