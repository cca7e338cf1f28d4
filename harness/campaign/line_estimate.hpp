// SPDX-License-Identifier: Apache-2.0
// About how many bytes a campaign moves over a board's line, before there is a board.
#pragma once

#include <optional>
#include <vector>

#include "device/slot_plan.hpp"

namespace tinyhil::campaign {

struct LineWork {
  device::EncodedVectors vectors;
  std::vector<std::uint64_t> models;  // bytes of each
  std::uint64_t rows_each = 0;        // bytes that come back of one vector from all models
  double packing = 1;                 // of vectors: packed size / size
};

struct BoardSlots {
  std::size_t models = 1;
  SlotSpace vectors;
};

struct LineLoad {
  std::uint64_t to_device = 0;
  std::uint64_t to_host = 0;
  std::size_t model_pushes = 0;
  std::size_t vector_pushes = 0;  // of whole sets, rounded up
};

// As the runner goes when it looks once, without the A/A control. No slots: a board that holds everything.
// Throws Error(usage) when not even one vector fits a slot.
LineLoad estimate_line(const LineWork& work, const std::optional<BoardSlots>& slots);

// At eight data bits, one start and one stop bit.
double line_seconds(const LineLoad& load, double baud);

}  // namespace tinyhil::campaign
