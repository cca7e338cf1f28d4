// SPDX-License-Identifier: Apache-2.0
// A span of time in which a board did one thing while a meter watched, marked by its trigger pin: many
// inferences of one vector, waiting, or sleeping.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"

namespace tinyhil {

// Numbers as thil_window_kind on the wire.
enum class WindowKind : std::uint8_t {
  inference = 1,
  idle = 2,   // awake, waiting for an interrupt
  sleep = 3,  // the deepest sleep that the product uses
};

const char* to_string(WindowKind kind);

// What a device is asked to do. The trigger pin is high for the window; before and after it the board rests
// (idle) for `rest` with the pin low, and nothing moves on the line.
struct WindowRequest {
  WindowKind kind = WindowKind::inference;
  std::uint8_t model_slot = 0;
  std::uint16_t vector_slot = 0;
  std::uint16_t vector = 0;   // in that slot
  std::uint32_t invokes = 1;  // of an inference window, back to back: inputs are written anew before each
  std::chrono::milliseconds length{0};  // of the others
  std::chrono::milliseconds rest{0};
  bool layers = false;                               // tell when each layer of the last inference ended
  std::chrono::milliseconds inference_limit{1'000};  // the longest that one invoke may take
  std::uint32_t tag = 0;                             // of the campaign, 24 bits: a crash record names it
};

// What the device says of a window that it has run.
struct WindowReport {
  std::uint32_t proven = 0;       // invokes that the engine called good
  std::uint64_t timer_ticks = 0;  // from edge to edge, of board.timer_hz; of clock_hz where there is no timer
  Digest output;                  // SHA-256 of the last inference's output, whole
  // Of the last inference: ticks of clock_hz from its start to the end of each layer, ascending; empty when
  // not asked for, or the engine has no layers to tell of.
  std::vector<std::uint32_t> layer_ends;
  // Windows that the board may have run for it: a meter has seen as many at most, the last of which this is.
  // More than one where the line was not quiet, or lost something.
  std::uint32_t attempts = 1;
};

}  // namespace tinyhil
