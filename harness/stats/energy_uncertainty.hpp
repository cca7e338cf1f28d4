// SPDX-License-Identifier: Apache-2.0
// How well an energy is known: the scatter of what was measured (type A) and what the meter itself may be off
// by (type B), after the GUM (JCGM 100:2008). More vectors lessen type A only. All uncertainties here are
// standard ones (k = 1), in SI units.
#pragma once

#include "model/scorecard.hpp"

namespace tinyhil {

double rectangular(double half_width);  // standard uncertainty of "within +- half_width"

// From the calibration certificate, of one instrument and range.
struct MeterUncertainty {
  double gain = 0;  // relative
  double offset_a = 0;
  double voltage = 0;  // relative
  double edge_s = 0;   // where the window starts and ends
};

// The mean over windows of one version.
struct EnergyReading {
  double energy_j = 0;
  double volt = 0;
  double window_s = 0;
};

// E u_gain, V T u_offset, E u_voltage and P u_edge, as squares added.
double type_b(const EnergyReading& reading, const MeterUncertainty& meter);

// Of candidate - baseline on the same instrument and range: gain and voltage multiply the difference only,
// and the offset counts for the difference in length of the windows; edges are independent.
double type_b_of_difference(const EnergyReading& candidate, const EnergyReading& baseline,
                            const MeterUncertainty& meter);

// On different instruments nothing cancels.
double type_b_of_difference(const EnergyReading& candidate, const MeterUncertainty& of_candidate,
                            const EnergyReading& baseline, const MeterUncertainty& of_baseline);

// estimate -+ k * sqrt(type_a^2 + type_b^2): below a limit it passes, above it fails (guard band, JCGM
// 106:2012).
Interval expanded(double estimate, double type_a, double type_b, double coverage);

// No number of vectors would decide: without any scatter, the limit is within reach of the meter's own error.
bool instrument_limited(double estimate, double limit, double type_b, double coverage);

}  // namespace tinyhil
