// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport.hpp"
#include "tty.hpp"

namespace tinyhil::transport {

inline constexpr int kBaudMin = 300;
inline constexpr int kBaudMax = 12'000'000;

// The line that resets the board when it changes for a moment, or both, as an ESP32's adapter has them.
enum class ResetBy { nothing, dtr, rts, esp32 };

struct SerialSettings {
  std::string port;                       // "/dev/ttyACM0"
  Transport::Rates rates = {115200, {}};  // of kBaudMin to kBaudMax
  ModemLines rest = {};                   // while the port is open, and after
  bool needs_lines = false;               // a port without them is an error; so it is when they are to reset
  ResetBy reset = ResetBy::nothing;       // once, when the port is opened
  bool is_watched = true;                 // false: what arrives wakes the loop only during wait(); no rates
};

// Opens the port for us alone, and resets the board where that is asked for. Throws Error(bench_fault) when
// the port is not there, is in use, or lacks the rate or the lines that are asked for.
std::unique_ptr<Transport> open_serial(asio::any_io_executor executor, SerialSettings settings);

}  // namespace tinyhil::transport
