// SPDX-License-Identifier: Apache-2.0
// A simulated meter plugged in beside a board of a bench, in this process and in a thread of its own. The
// driver opens it as it would open a real one. Keys of the board's `meter`:
//
//   meter: {simulate: ppk2, supply: 3 V, seed: 7, active: 6.2 mA, idle: 1.5 mA, sleep: 2.1 uA,
//           lose: [512@1.5s], unplug_at: 2 s}
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "formats/section.hpp"
#include "model/bench.hpp"

namespace tinyhil::campaign {

class SimulatedMeter {
 public:
  // Nothing for a board whose meter is a real one. Throws Error(usage) for keys and for boards that cannot
  // tell what they do, Error(bench_fault) without a pseudo-terminal.
  static std::unique_ptr<SimulatedMeter> of(const Board& board);
  ~SimulatedMeter();
  SimulatedMeter(const SimulatedMeter&) = delete;
  SimulatedMeter& operator=(const SimulatedMeter&) = delete;

  Section driver_keys() const;                    // with which the driver opens it
  const std::filesystem::path& activity() const;  // the socket at which the board tells what it does
  // A host has started it since: what the board does from now on is sampled. As it was a moment ago.
  void expect_recording();
  bool is_recording() const;

 private:
  class Plugged;
  explicit SimulatedMeter(std::unique_ptr<Plugged> plugged);
  std::unique_ptr<Plugged> plugged_;
};

}  // namespace tinyhil::campaign
