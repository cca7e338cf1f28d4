// SPDX-License-Identifier: Apache-2.0
// Where in a recording the windows lie that the device ran, and whether all of each was recorded. The trigger
// line tells it to a sample; count, parity and the length of every pulse are held against what the device
// says, since a loss of 64 or 512 samples shows in nothing else. Without the wire: by the host's clock
// (host_clock.hpp), with its own uncertainty.
// Pure. Example:
//
//   const Alignment alignment = align(trigger_edges(trace, identity.trigger), windows, {sample_s});
//   if (!alignment.finding.empty()) ...       // "the trigger wire is not connected"
//   for (const AlignedWindow& window : alignment.windows)
//     if (window.incomplete.empty()) ... window.first ... window.last
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "meter/trigger_edges.hpp"

namespace tinyhil::meter {

// As the device reported it.
struct DeviceWindow {
  double length_s = 0;  // timer_ticks / timer_hz; 0: it has no timer
  // When the host asked for it and when it had the answer, seconds after sample 0, where the host's clock can
  // be used: its pulse lies in between.
  std::optional<double> asked_s{};
  std::optional<double> answered_s{};
};

struct AlignmentLimits {
  double sample_s = 0;
  // By how much the device's clock and the meter's may differ, relative; and by how much that may change
  // within a run. From three windows on the difference is learnt from them.
  double clock_limit = 500e-6;
  double drift_limit = 5e-6;
  double host_slack_s = 0.05;  // by which asked_s and answered_s may be wrong
};

enum class AlignmentMethod : std::uint8_t { trigger = 1, host_clock = 2 };

const char* to_string(AlignmentMethod method);

struct AlignedWindow {
  double first = 0;  // the window is [first, last), in samples
  double last = 0;
  double sigma_samples = 0;  // standard uncertainty of last - first
  // A loss inside that is shorter than this cannot be told from the clocks' difference.
  double unseen_samples = 0;
  AlignmentMethod method = AlignmentMethod::trigger;
  std::string incomplete{};  // why it must not be used, one sentence; empty: it may
};

struct Alignment {
  std::vector<AlignedWindow> windows;  // one for each that the device reported
  std::string finding;                 // what is wrong with the bench as a whole; empty: nothing
  double clock_ratio = 1;              // seconds of the meter a second of the device
  std::uint64_t glitches = 0;
};

// Pulses are high; one that was cut by the start or the end of the recording is none. Where there are more or
// fewer pulses than windows, those windows are aligned whose pulse is beyond doubt, by length and by when the
// host asked; all others are incomplete. At most 2,000 windows and as many pulses.
Alignment align(const TriggerEdges& edges, std::span<const DeviceWindow> windows,
                const AlignmentLimits& limits);

// Of a meter that tells rising edges only: a window is as long as the device says. With another number of
// edges than of windows all are incomplete, for nothing tells them apart.
Alignment align_rising(std::span<const std::uint64_t> edges, std::span<const DeviceWindow> windows,
                       const AlignmentLimits& limits);

}  // namespace tinyhil::meter
