// SPDX-License-Identifier: Apache-2.0
#include "energy_uncertainty.hpp"

#include <cmath>
#include <numbers>

namespace tinyhil {
namespace {

double of_edges(const EnergyReading& reading, const MeterUncertainty& meter) {
  return reading.window_s > 0 ? reading.energy_j / reading.window_s * meter.edge_s : 0;
}

}  // namespace

double rectangular(double half_width) { return half_width / std::numbers::sqrt3; }

double type_b(const EnergyReading& reading, const MeterUncertainty& meter) {
  const double scale = reading.energy_j * std::hypot(meter.gain, meter.voltage);
  const double offset = reading.volt * reading.window_s * meter.offset_a;
  return std::hypot(scale, offset, of_edges(reading, meter));
}

double type_b_of_difference(const EnergyReading& candidate, const EnergyReading& baseline,
                            const MeterUncertainty& meter) {
  const double scale = (candidate.energy_j - baseline.energy_j) * std::hypot(meter.gain, meter.voltage);
  const double offset =
      (candidate.volt * candidate.window_s - baseline.volt * baseline.window_s) * meter.offset_a;
  return std::hypot(scale, offset, std::hypot(of_edges(candidate, meter), of_edges(baseline, meter)));
}

double type_b_of_difference(const EnergyReading& candidate, const MeterUncertainty& of_candidate,
                            const EnergyReading& baseline, const MeterUncertainty& of_baseline) {
  return std::hypot(type_b(candidate, of_candidate), type_b(baseline, of_baseline));
}

Interval expanded(double estimate, double type_a, double type_b, double coverage) {
  const double half = coverage * std::hypot(type_a, type_b);
  return {estimate - half, estimate + half};
}

bool instrument_limited(double estimate, double limit, double type_b, double coverage) {
  return std::abs(limit - estimate) < coverage * type_b;
}

}  // namespace tinyhil
