// SPDX-License-Identifier: Apache-2.0
// Which PPK2 is simulated, and what goes wrong with it. Times are seconds since the recording that they
// strike has started.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "current_model.hpp"

namespace tinyhil::sim {

inline constexpr std::size_t kPpk2RangeCount = 5;

// How far this unit is off, in each range.
struct Ppk2Errors {
  std::array<double, kPpk2RangeCount> gain{};  // relative
  std::array<double, kPpk2RangeCount> offset_a{};
};

// Within what its maker states: a gain of +-10 %, in the last range 15 %, and half a resolution.
Ppk2Errors drawn_errors(std::uint64_t seed);

struct Ppk2Loss {
  double at_s = 0;
  std::uint64_t count = 0;  // samples, or bytes
};

// "512@1.5s"; nothing when it is anything else.
std::optional<Ppk2Loss> parse_ppk2_loss(std::string_view text);

struct Ppk2Settings {
  Currents currents;
  std::uint64_t seed = 1;  // of noise, glitches and jitter
  Ppk2Errors errors;
  double noise = 1;  // times the usual
  int trigger_line = 0;
  double glitches = 0;                    // probability that the trigger line is wrong in a sample
  unsigned dead_samples = 1;              // behind a switch of the range, which repeat the one before it
  double clock_ppm = 0;                   // by how much it samples too fast
  bool is_wired = true;                   // in ampere mode another supply feeds the board
  bool virtual_time = false;              // of an emulated board
  std::vector<Ppk2Loss> lose = {};        // samples, which are counted
  std::vector<Ppk2Loss> lose_bytes = {};  // so that words shift
  std::size_t stale = 0;                  // bytes of an earlier run before the first answer
};

}  // namespace tinyhil::sim
