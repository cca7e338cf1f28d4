// SPDX-License-Identifier: Apache-2.0
// What a trace shows of the windows that a board has run: where they lie, whether all of each is there, and
// the charge of each. Reads and decodes the whole trace, in the calling thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "meter/host_clock.hpp"
#include "model/recording.hpp"

namespace tinyhil::campaign {

// A window that the device has reported.
struct RunWindow {
  WindowKind kind = WindowKind::inference;
  std::string model;
  std::optional<VectorNumber> vector;
  std::uint32_t block = 0;
  std::uint32_t asked = 0;
  WindowReport report;
  std::string doubt = {};  // why it does not count, whatever the trace shows; empty: nothing
  double rest_s = 0;       // before and after it
  // Seconds since sample 0 by the host's clock, between which it and its rests were.
  double asked_s = 0;
  double answered_s = 0;
};

struct WindowClocks {
  std::uint32_t timer_hz = 0;  // of the board; 0: its windows have no length
  std::uint32_t clock_hz = 0;  // of its layers
};

// What was run while a trace was recorded, and when its samples arrived.
struct RunWindows {
  std::vector<RunWindow> windows;
  meter::TriggerKind trigger = meter::TriggerKind::level;
  std::vector<meter::Arrival> arrivals;  // for a meter without a trigger line
};

// One a window, in their order. By the trigger line; where the meter has none, by the host's clock, which
// makes the edges as uncertain as messages are slow. Throws Error(usage) when the trace cannot be read.
std::vector<MeasuredWindow> measure_windows(const std::filesystem::path& trace, const WindowClocks& clocks,
                                            const RunWindows& recorded);

}  // namespace tinyhil::campaign
