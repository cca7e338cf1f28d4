// SPDX-License-Identifier: Apache-2.0
// For tests: a meter, and windows that it measured.
#pragma once

#include <utility>

#include "model/recording.hpp"

namespace tinyhil::test {

// 100,000 samples a second at 3 V, within 10 %, on a real meter.
inline MeterIdentity bench_meter() {
  MeterIdentity meter;
  meter.driver = "ppk2";
  meter.serial = "D1234567";
  meter.calibration = "R0: 1003.3506\nEND";
  meter.calibrated = "2026-01-15";
  meter.rate_hz = 100'000;
  meter.ranges = {{50e-6, 0.1, 0, 0.2e-6}, {50e-3, 0.15, 0, 50e-6}};
  meter.range_mode = "auto";
  meter.supply_v = 3;
  meter.voltage_limit = 0.01;
  return meter;
}

// Ten inferences of a vector in 20 ms, from `charge_c` at 3 V.
inline MeasuredWindow inference_window(std::string model, std::uint32_t vector, double charge_c) {
  MeasuredWindow window;
  window.model = std::move(model);
  window.vector = VectorNumber{vector};
  window.block = vector;
  window.asked = 10;
  window.report.proven = 10;
  window.report.timer_ticks = 500'000;
  window.report.output = sha256("output");
  window.report.layer_ends = {10, 40};
  window.length_s = 0.02;
  window.edge_s = 4e-6;
  window.charge_c = charge_c;
  window.noise_a = 1e-7;
  window.noise_degrees = 9;
  window.ranges = {{}, {charge_c, 0.02, 1e-5}};
  window.layers = {{charge_c / 100, 1e-5, 1e-9}, {charge_c / 40, 5e-4, 1e-9}, {charge_c / 16, 15e-4, 1e-9}};
  return window;
}

inline MeasuredWindow resting_window(WindowKind kind, double current_a, double length_s) {
  MeasuredWindow window;
  window.kind = kind;
  window.report.timer_ticks = static_cast<std::uint64_t>(length_s * 25e6);
  window.length_s = length_s;
  window.edge_s = 4e-6;
  window.charge_c = current_a * length_s;
  window.noise_a = 1e-3 * current_a;
  window.noise_degrees = 19;
  window.ranges = {{window.charge_c, length_s, 1e-7}, {}};
  return window;
}

}  // namespace tinyhil::test
