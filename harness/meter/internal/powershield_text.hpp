// SPDX-License-Identifier: Apache-2.0
// The lines of ST's meters, one at a time. Pure; any bytes are a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tinyhil::meter {

// What a meter says between samples, as a line or as a binary frame.
struct PowershieldNotice {
  enum class Kind : std::uint8_t {
    acknowledged,  // text: the command, and what else is on its line
    refused,       // text: the command
    error_detail,  // text: why the last command was refused
    timestamp,     // time_ms and fill_percent: once a second
    trigger,       // the edge that it was told to watch for
    overflow,      // its buffer is full, samples are lost; text: its words
    overcurrent,   // it cut the board off
    power_down,    // the board's supply is off
    completed,     // the recording has ended
    error,         // text
    information,   // text
    corrupted,     // skipped: bytes that are neither
    line,          // text: anything else, such as an answer that follows its acknowledgement
  };
  Kind kind{};
  std::uint32_t time_ms = 0;
  std::uint8_t fill_percent = 0;
  std::size_t skipped = 0;
  std::string text = {};
};

// "6409-07" -> 640.9e-6, any number of digits up to nine; nothing when it is no sample of these meters.
std::optional<float> powershield_sample(std::string_view line);

// Without line end and NULs. Nothing for an empty line, or one that holds a prompt alone.
std::optional<PowershieldNotice> powershield_line(std::string_view line);

// What the text of an error means.
PowershieldNotice powershield_error(std::string_view text);

}  // namespace tinyhil::meter
