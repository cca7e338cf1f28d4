// SPDX-License-Identifier: Apache-2.0
// What switches a board's supply off and on again: a program that the bench names, such as one that switches
// a port of a USB hub. Example:
//
//   power: {command: [uhubctl, --location, 1-1, --ports, 3, --action, cycle], timeout: 30 s}
//
//   if (const auto power = board_power_switch(board)) const Result<void> done = power->cycle();
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/fault.hpp"
#include "model/bench.hpp"

namespace tinyhil::bench {

class PowerSwitch {
 public:
  PowerSwitch(std::vector<std::string> command, std::chrono::milliseconds limit)
      : command_(std::move(command)), limit_(limit) {}

  // Waits until the program has ended. Faults: `refused` with the end of what it said, `timeout`. Throws
  // Error(bench_fault) when it cannot be started.
  Result<void> cycle() const;

  const std::string& program() const { return command_.front(); }
  std::chrono::milliseconds limit() const { return limit_; }  // that the program may take

 private:
  std::vector<std::string> command_;
  std::chrono::milliseconds limit_;
};

// Nothing for a board without `power`. Throws Error(usage) with file and line.
std::optional<PowerSwitch> board_power_switch(const Board& board);

}  // namespace tinyhil::bench
