// SPDX-License-Identifier: Apache-2.0
// Where ST's two meters differ that speak one language: X-NUCLEO-LPM01A (UM2269) and STLINK-V3PWR.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil::meter {

// How a recording is to be made; the commands are made of it.
struct PowershieldSetup {
  double supply_v = 0;
  std::string rate;  // as the meter writes it: "100k"
  bool is_binary = false;
  bool has_trigger = false;  // tell rising edges of D7
};

struct PowershieldDialect {
  std::string_view driver;    // our word for it
  std::string_view name;      // what it is called in the answer to `powershield`
  std::string_view line_end;  // of what we send
  // Bytes of the binary frames F0 F1 ... F0 FB, all four marking bytes counted. 0: it ends with the first
  // FF FF. A timestamp may hold FF FF, so its length must be known.
  std::array<std::uint8_t, 11> frame_bytes;
  std::span<const std::string_view> rates;
  double lowest_v;
  double highest_v;
  bool has_trigger;
  std::string_view power_query;  // answered with `on` or `off`; "" where there is none that we know
  // In order; the last one switches the board's supply on. Each is acknowledged.
  std::vector<std::string> (*setup)(const PowershieldSetup& setup);
};

const PowershieldDialect& lpm01a_dialect();
const PowershieldDialect& stlink_v3pwr_dialect();

double hertz_of(std::string_view rate);  // "100k" -> 100000; a word of `rates`

// No sample of either meter is above it: both cut off far below.
inline constexpr float kPowershieldMostA = 1.0F;

}  // namespace tinyhil::meter
