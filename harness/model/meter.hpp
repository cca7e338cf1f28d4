// SPDX-License-Identifier: Apache-2.0
// A current meter as it introduced itself, with what its figures are worth. Stored with every result that it
// measured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tinyhil {

// What a meter promises of one of its ranges. Limits are half widths of what its maker states, taken as
// rectangular: their standard uncertainty is limit / sqrt(3).
struct MeterRange {
  double top_a = 0;       // largest current that it is made for
  double gain_limit = 0;  // relative: 0.10 for +-10 %
  double offset_limit_a = 0;
  double resolution_a = 0;  // of one sample
};

// Where the supply's voltage is known from.
enum class VoltageSource : std::uint8_t {
  set_point = 1,  // what the meter was told to supply
  measured = 2,   // by the meter
  stated = 3,     // by the user: the meter does not supply the board
};

const char* to_string(VoltageSource source);

struct MeterIdentity {
  std::string driver;       // "ppk2"
  std::string serial;       // "" where it has none
  std::string firmware;     // "" where it does not tell
  std::string calibration;  // its constants, in its own words: recorded words can be calibrated again
  std::string calibrated;   // "2026-01-15"; "" when nobody said
  std::string expires;      // when the calibration does; "" never, or nobody said
  bool simulated = false;
  // Its samples follow the virtual clock of an emulated board, so that they cannot be held against the
  // host's.
  bool virtual_time = false;
  double rate_hz = 0;  // samples a second, nominal
  std::vector<MeterRange> ranges;
  std::string range_mode;  // "auto", "fixed 5 mA"
  double supply_v = 0;
  VoltageSource voltage = VoltageSource::set_point;
  double voltage_limit = 0;  // relative half width of the voltage
  int trigger = 0;           // which of its digital lines follows the board's trigger pin; -1: none does
};

// In what two meters differ so that charges by them cannot be compared: driver, unit, range mode, rate,
// voltage, simulated or not. Empty when in none.
std::string comparing_obstacle(const MeterIdentity& a, const MeterIdentity& b);

}  // namespace tinyhil
