// SPDX-License-Identifier: Apache-2.0
#include "ledger.hpp"

#include <algorithm>

namespace tinyhil {

Ledger::Ledger(std::size_t vectors, std::size_t repeats)
    : repeats_(repeats), cells_(vectors * repeats, false), missing_(cells_.size()) {}

void Ledger::mark(const InferenceRows& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t cell = rows.vector[row] * repeats_ + rows.repeat[row];
    if (cell >= cells_.size() || cells_[cell]) continue;
    cells_[cell] = true;
    --missing_;
    if (rows.status[row] == static_cast<std::uint8_t>(RowStatus::quarantined)) {
      quarantined_.insert(rows.vector[row]);
    }
  }
}

std::size_t Ledger::incomplete_vectors() const {
  std::size_t incomplete = 0;
  for (std::size_t cell = 0; cell < cells_.size(); cell += repeats_) {
    bool whole = true;
    for (std::size_t repeat = 0; repeat < repeats_; ++repeat) whole = whole && cells_[cell + repeat];
    incomplete += whole ? 0 : 1;
  }
  return incomplete;
}

std::vector<bool> Ledger::done(std::size_t first, std::size_t count) const {
  const auto begin = cells_.begin() + static_cast<std::ptrdiff_t>(first * repeats_);
  return {begin, begin + static_cast<std::ptrdiff_t>(count * repeats_)};
}

bool Ledger::is_done(std::size_t first, std::size_t count) const {
  const std::vector<bool> each = done(first, count);
  return std::find(each.begin(), each.end(), false) == each.end();
}

InferenceRows Ledger::quarantine(std::uint32_t vector, std::size_t output_size) {
  InferenceRows rows;
  rows.output_size = output_size;
  for (std::size_t repeat = 0; repeat < repeats_; ++repeat) {
    if (cells_[vector * repeats_ + repeat]) continue;
    rows.vector.push_back(vector);
    rows.repeat.push_back(static_cast<std::uint16_t>(repeat));
    rows.status.push_back(static_cast<std::uint8_t>(RowStatus::quarantined));
  }
  rows.clock.resize(rows.size());
  rows.timer.resize(rows.size());
  rows.outputs.resize(rows.size() * output_size);
  return rows;
}

}  // namespace tinyhil
