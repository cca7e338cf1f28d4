// SPDX-License-Identifier: Apache-2.0
// What a meter recorded of a board during a run, window by window: raw facts, from which energies, their
// uncertainty and the life of a battery are computed. The samples themselves are in a trace beside the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "energy_window.hpp"
#include "meter.hpp"
#include "trial.hpp"

namespace tinyhil {

enum class WindowState : std::uint8_t {
  complete,    // every sample between its edges is there
  incomplete,  // samples are missing, or an edge is: its charge does not count
};

// What of a window was measured in one range of the meter.
struct RangeShare {
  double charge_c = 0;
  double length_s = 0;
  double noise_a = 0;  // standard deviation from sample to sample
  bool operator==(const RangeShare&) const = default;
};

// Part of an inference, mean over those of a window.
struct LayerShare {
  double charge_c = 0;
  double time_s = 0;
  double standard_c = 0;  // standard uncertainty of the charge by scatter and by the cuts between layers
  bool operator==(const LayerShare&) const = default;
};

// A window as the device reported it and as the trace shows it. Charges are as the meter's own calibration
// gives them, gross: nothing is subtracted.
struct MeasuredWindow {
  WindowKind kind = WindowKind::inference;
  std::string model;                   // of an inference window, else ""
  std::optional<VectorNumber> vector;  // of an inference window
  std::uint32_t block = 0;             // windows of one block were measured side by side, in turns
  std::uint32_t asked = 0;             // inferences that it was to hold
  WindowReport report;
  WindowState state = WindowState::complete;
  std::string why;                               // it is incomplete
  double begin_s = 0;                            // in the trace
  double length_s = 0;                           // from edge to edge
  double edge_s = 0;                             // standard uncertainty of the length
  double charge_c = 0;                           // missing time counted at the mean current of the rest
  double missing_s = 0;                          // of the length, without samples
  double missing_low_a = 0, missing_high_a = 0;  // between these the current was meanwhile
  double switching_c = 0;          // what samples right after a change of range may have wrong; half width
  double noise_a = 0;              // standard uncertainty of the mean current by scatter between samples
  double noise_degrees = 0;        // of freedom; 0: too few samples to tell
  std::vector<RangeShare> ranges;  // [ranges of the meter]
  std::vector<LayerShare> layers;  // what lies between inferences, then [report.layer_ends]; or empty
};

enum class RecordingState : std::uint8_t {
  running,
  complete,
  lost,  // the meter was unplugged, or fell silent
  interrupted,
};

const char* to_string(RecordingState state);

struct RecordingInfo {
  std::string board;  // name in the bench
  MeterIdentity meter;
};

struct RecordingEnd {
  RecordingState state = RecordingState::complete;
  std::optional<Fault> fault = {};  // why the meter was lost
  std::string trace = {};           // file, relative to the store's folder; "" where none was kept
  Digest trace_digest = {};
  std::uint64_t samples = 0;
};

struct Recording {
  std::int64_t id = 0;
  RecordingInfo info;
  std::string started_at;               // UTC, "2026-11-29T14:05:09.042Z"
  std::vector<MeasuredWindow> windows;  // in the order in which they were made
  RecordingEnd end{RecordingState::running};
};

}  // namespace tinyhil
