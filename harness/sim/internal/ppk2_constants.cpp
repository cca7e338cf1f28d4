// SPDX-License-Identifier: Apache-2.0
#include "ppk2_constants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/ppk2_settings.hpp"

namespace tinyhil::sim {

namespace {

using PerRange = std::array<double, kPpk2RangeCount>;

constexpr PerRange kR = {1003.3506, 101.5865, 10.3027, 0.9636, 0.0564};
constexpr PerRange kGs = {0, 112.7890, 18.0115, 2.4217, 0.0729};
constexpr PerRange kGi = {1, 0.9695, 0.9609, 0.9519, 0.9582};
constexpr PerRange kO = {112.9420, 75.4627, 64.6020, 50.4983, 87.2177};
constexpr PerRange kS = {0.000000048, 0.000000596, 0.000005281, 0.000062577, 0.002940743};
constexpr PerRange kI = {-0.000000104, -0.000001443, 0.000036439, -0.000374119, -0.009388455};
constexpr double kAdcVolt = 1.8 / 163'840;
constexpr double kAdcMax = 16'383;

void add(std::string& text, const char* key, const PerRange& values) {
  for (std::size_t n = 0; n < values.size(); ++n) text += fmt::format("{}{}: {:.20f}\n", key, n, values[n]);
}

}  // namespace

std::string ppk2_constant_lines(unsigned vdd_mv, unsigned mode) {
  std::string text = "Calibrated: 0\n";
  add(text, "R", kR);
  add(text, "GS", kGs);
  add(text, "GI", kGi);
  add(text, "O", kO);
  text += fmt::format("VDD: {}\nHW: 9173\nmode: {}\n", vdd_mv, mode);
  add(text, "S", kS);
  add(text, "I", kI);
  add(text, "UG", {1, 1, 1, 1, 1});
  return text + "IA: 56\n";
}

// current = x (GS x + GI) + S Vdd + I, x = (4 adc - O) volt / R. Hosts take 1 for a GS of 0.
unsigned ppk2_adc(double current_a, std::size_t range, double vdd_mv) {
  const double gs = kGs[range] == 0 ? 1 : kGs[range];
  const double linear = current_a - kS[range] * vdd_mv / 1000 - kI[range];
  const double root = std::sqrt(std::max(0.0, kGi[range] * kGi[range] + 4 * gs * linear));
  const double x = 2 * linear / (kGi[range] + root);  // without cancellation at small currents
  const double adc = std::round((x * kR[range] / kAdcVolt + kO[range]) / 4);
  return static_cast<unsigned>(std::clamp(adc, 0.0, kAdcMax));
}

}  // namespace tinyhil::sim
