// SPDX-License-Identifier: Apache-2.0
// What is on the desk: bench.yaml. Boards and how to reach them. Nothing is opened here
// (bench/board_access.hpp). Example:
//
//   const Bench bench = load_bench("bench.yaml");
//   const Board& board = bench.board("m4");
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "formats/section.hpp"

namespace tinyhil {

enum class Provenance { real = 1, emulated = 2, process = 3 };  // as thil_provenance on the wire

const char* to_string(Provenance provenance);

struct Board {
  std::string name;                            // "m4", unique in the bench
  Provenance provenance;                       // what the user says it is; the device's own word must agree
  std::optional<std::filesystem::path> image;  // firmware that must be running
  std::string driver;                          // of the link: "serial"; checked when it is read
  Section link;                                // the driver's own keys, read by the driver
  std::string serial{};                        // that the device must report; empty: any
  std::chrono::milliseconds boot{10'000};      // longest from switching on, or opening the line, to an answer
  std::chrono::milliseconds quiet_boot{0};     // nothing is sent before the agent has spoken, or for so long
  std::chrono::milliseconds longest_inference{60'000};  // until it is known how long a model takes
  std::optional<Section> meter{};  // its current meter's own keys, read by the meter's driver
  std::optional<Section> flash{};  // what programs it in place of its driver (probe/flash_tool.hpp)
  std::optional<Section> power{};  // what switches its supply off and on (bench/power_switch.hpp)
  bool is_untrusted{false};        // its users may leave anything on it: a daemon cleans it after each
  std::map<std::string, std::string> labels{};  // what it can be asked for by, {"chip", "stm32f4"}
  // No key of the file: `image` is put on the board first, where the board can be programmed.
  bool is_put{false};
  // No key of the file: a listening unix socket to which an emulated board reports its trigger pin and power
  // state (ports/mps2/activity.h). Filled in by who simulates a meter.
  std::optional<std::filesystem::path> activity{};
  // No key of the file: to which a driver adds what a program of its own logged, when that fails.
  std::filesystem::path fault_log{};
};

struct Bench {
  std::filesystem::path file;
  std::string name;
  std::vector<Board> boards;

  const Board& board(const std::string& name) const;  // throws Error(usage) listing the boards there are
};

// Throws Error(usage) with file and line.
Bench load_bench(const std::filesystem::path& file);
// The same from text; `file` is for messages, and its folder is where relative paths start.
Bench parse_bench(const std::string& yaml, const std::filesystem::path& file);

}  // namespace tinyhil
