// SPDX-License-Identifier: Apache-2.0
// What a PPK2 says of itself when it is asked (0x19): lines `KEY: VALUE`, the last one `END`. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tinyhil::meter {

inline constexpr std::size_t kPpk2Ranges = 5;
inline constexpr std::size_t kPpk2MetadataMax = 8192;  // bytes that are looked at, the last ones

inline constexpr double kPpk2VoltPerStep = 1.8 / 163'840;

// Of one range; the values that hold where the meter tells none, as in the maker's application.
struct Ppk2Range {
  double r = 1;   // ohm
  double gs = 1;  // gain, quadratic and linear
  double gi = 1;
  double o = 0;  // of the ADC, in its steps / 4
  double s = 0;  // A per V of supply
  double i = 0;  // A
  double ug = 1;
};

struct Ppk2Metadata {
  std::array<Ppk2Range, kPpk2Ranges> ranges;
  double vdd_mv = 3000;
  std::string simulated;      // what a simulator says of itself; "" for a PPK2
  bool virtual_time = false;  // such a simulator's, on an emulated board
  std::string text;           // its lines, without END, bounded; parse_ppk2_metadata() reads them again
};

// Finds the lines behind whatever stands before them (samples of an earlier run), with either end of line. A
// value that is missing, zero or no finite number leaves the one above. Nothing when not all of R0 to R4 are
// there: it is no PPK2's, or was cut.
std::optional<Ppk2Metadata> parse_ppk2_metadata(std::string_view reply);

// Is the line END there, so that nothing more will come?
bool is_whole_ppk2_metadata(std::string_view reply);

// The text with its supply voltage replaced by the one in force.
std::string with_vdd(const Ppk2Metadata& metadata, double vdd_mv);

// A, of a raw 14-bit ADC value: UG (x (GS x + GI) + S Vdd + I), x = (4 adc - O) 1.8 V / 163,840 / R, which is
// what the maker's application computes (pc-nrfconnect-ppk).
double ppk2_current_a(const Ppk2Metadata& metadata, std::size_t range, unsigned adc);

}  // namespace tinyhil::meter
