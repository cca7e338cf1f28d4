// SPDX-License-Identifier: Apache-2.0
#include "meter.hpp"

#include <fmt/format.h>

#include <cmath>

namespace tinyhil {

namespace {

constexpr double kSameVoltage = 1e-6;  // V: set points are written in millivolts

std::string voltage_of(const MeterIdentity& meter) {
  return fmt::format("{:g} V ({})", meter.supply_v, to_string(meter.voltage));
}

// Two set points are the same or not; what was measured has an uncertainty.
bool is_same_voltage(const MeterIdentity& a, const MeterIdentity& b) {
  const bool measured = a.voltage == VoltageSource::measured || b.voltage == VoltageSource::measured;
  const double limit = measured ? a.supply_v * a.voltage_limit + b.supply_v * b.voltage_limit : 0;
  return std::abs(a.supply_v - b.supply_v) <= std::max(limit, kSameVoltage);
}

std::string unit_of(const MeterIdentity& meter) { return meter.serial.empty() ? "unknown" : meter.serial; }

}  // namespace

const char* to_string(VoltageSource source) {
  switch (source) {
    case VoltageSource::set_point:
      return "set point";
    case VoltageSource::measured:
      return "measured";
    case VoltageSource::stated:
      return "stated";
  }
  return "unknown";
}

std::string comparing_obstacle(const MeterIdentity& a, const MeterIdentity& b) {
  const auto rate_of = [](const MeterIdentity& meter) {
    return fmt::format("{:g} samples/s", meter.rate_hz);
  };
  const auto kind_of = [](const MeterIdentity& meter) { return meter.simulated ? "simulated" : "real"; };
  const std::string aspects[][3] = {{"meter", a.driver, b.driver},
                                    {"meter", kind_of(a), kind_of(b)},
                                    {"serial number of the meter", unit_of(a), unit_of(b)},
                                    {"range", a.range_mode, b.range_mode},
                                    {"rate", rate_of(a), rate_of(b)}};
  for (const auto& [what, of_a, of_b] : aspects) {
    if (of_a != of_b) return fmt::format("{} {} against {}", what, of_a, of_b);
  }
  if (is_same_voltage(a, b)) return "";
  return fmt::format("supply {} against {}", voltage_of(a), voltage_of(b));
}

}  // namespace tinyhil
