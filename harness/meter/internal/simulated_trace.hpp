// SPDX-License-Identifier: Apache-2.0
// Recordings for tests whose charge is known in closed form, by a meter with errors that are drawn from what
// it states.
#pragma once

#include <cmath>
#include <filesystem>
#include <vector>

#include "meter/internal/trace_samples.hpp"
#include "meter/window_alignment.hpp"
#include "stats/seeded_random.hpp"

namespace tinyhil::meter {

struct SimulatedMeter {
  double gain_limit = 0;
  double offset_limit_a = 0;
  double resolution_a = 0;
  double noise_a = 0;  // standard deviation, with `correlation` from one sample to the next
  double correlation = 0;
  double clock_limit = 50e-6;
  double rate_hz = 100'000;
};

struct SimulatedRun {
  std::size_t windows = 8;
  std::size_t inferences = 20;         // a window, of 1 ms of 8 mA, 3 ms of 12 mA, 6 ms of 5 mA
  std::vector<std::size_t> lost = {};  // by window: samples that are lost inside, without a trace
};

constexpr double kInferenceS = 0.010;
constexpr double kInferenceC = 0.001 * 0.008 + 0.003 * 0.012 + 0.006 * 0.005;
constexpr double kRestS = 0.02;
constexpr double kRestA = 0.001;

inline double current_at(double since_edge_s, double length_s) {
  if (since_edge_s < 0 || since_edge_s >= length_s) return kRestA;
  const double phase = std::fmod(since_edge_s, kInferenceS);
  return phase < 0.001 ? 0.008 : phase < 0.004 ? 0.012 : 0.005;
}

// One run on its way through the meter into `sink`.
class SimulatedRecording {
 public:
  SimulatedRecording(const SimulatedMeter& meter, const SimulatedRun& run, stats::SeededRandom& random)
      : meter_(meter), run_(run), random_(random) {
    gain_ = 1 + meter.gain_limit * (2 * random.uniform() - 1);
    offset_ = meter.offset_limit_a * (2 * random.uniform() - 1);
    clock_ = 1 + meter.clock_limit * (2 * random.uniform() - 1);
    phase_ = random.uniform();
    noise_ = random.normal();
  }

  // As the device reports them.
  std::vector<DeviceWindow> record(SampleSink& sink) {
    const double length = kInferenceS * static_cast<double>(run_.inferences);
    std::vector<DeviceWindow> windows;
    double begin_s = kRestS;
    for (std::size_t i = 0; i < run_.windows; ++i) {
      const double spacing = length + kRestS + 1e-3 * random_.uniform();
      const std::size_t lost = i < run_.lost.size() ? run_.lost[i] : 0;
      record_until(sink, begin_s + spacing, {begin_s, length, lost});
      windows.push_back({.length_s = length * clock_});
      begin_s += spacing;
    }
    return windows;
  }

 private:
  struct Stretch {
    double begin_s;
    double length_s;
    std::size_t lost;
  };

  void record_until(SampleSink& sink, double end_s, const Stretch& window) {
    std::vector<float> current;
    std::vector<std::uint8_t> lines;
    const auto losing = static_cast<std::uint64_t>((window.begin_s + window.length_s / 3) * meter_.rate_hz);
    for (double at_s; (at_s = (static_cast<double>(taken_) + phase_) / meter_.rate_hz) < end_s; ++taken_) {
      const double since = at_s - window.begin_s;
      const float value = measured(current_at(since, window.length_s));
      if (taken_ >= losing && taken_ < losing + window.lost) continue;
      current.push_back(value);
      lines.push_back(since >= 0 && since < window.length_s);
    }
    add_samples(sink, sent_, current, lines);
    sent_ += current.size();
  }

  float measured(double current_a) {
    const double rho = meter_.correlation;
    noise_ = rho * noise_ + std::sqrt(1 - rho * rho) * random_.normal();
    const double value = current_a * gain_ + offset_ + meter_.noise_a * noise_;
    if (meter_.resolution_a <= 0) return static_cast<float>(value);
    return static_cast<float>(std::round(value / meter_.resolution_a) * meter_.resolution_a);
  }

  const SimulatedMeter& meter_;
  const SimulatedRun& run_;
  stats::SeededRandom& random_;
  double gain_, offset_, clock_, phase_, noise_;
  std::uint64_t taken_ = 0;  // samples that the meter took
  std::uint64_t sent_ = 0;   // those that arrived
};

inline TraceStart start_of(const SimulatedMeter& meter) {
  TraceStart start = ampere_start(meter.rate_hz);
  start.identity.simulated = true;
  start.identity.ranges = {{1, meter.gain_limit, meter.offset_limit_a, meter.resolution_a}};
  start.identity.voltage_limit = 0;
  return start;
}

}  // namespace tinyhil::meter
