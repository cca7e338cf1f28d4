// SPDX-License-Identifier: Apache-2.0
// The units of what is measured, stored, checked and reported. kUnitWords is the one table of their words.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tinyhil {

enum class Unit : std::uint8_t {
  none,   // a plain number
  ratio,  // 1 is the whole; people read it as percent
  nanoseconds,
  microseconds,
  milliseconds,
  seconds,
  ticks,  // of the clock or timer that the board names
  bytes,
  lsb,  // steps of a quantized output
  microjoules,
  vectors,
  inferences,
  faults,
  troubles,
  trials,
  years,  // of 365.25 days
};

// "" for none; else "ratio", "ms", "B", "LSB", ...
std::string_view to_string(Unit unit);
std::optional<Unit> unit_of(std::string_view word);

// What monitoring systems measure in: a number of this unit times `factor` is one of the base unit.
struct BaseUnit {
  std::string_view name;  // "seconds", "bytes", "ratio", "number" for none
  double factor = 1;
};
BaseUnit base_of(Unit unit);
bool is_duration(Unit unit);

// Whole things are counted in it: their number takes no decimals.
bool is_counted(Unit unit);

}  // namespace tinyhil
