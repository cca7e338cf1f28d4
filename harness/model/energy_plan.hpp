// SPDX-License-Identifier: Apache-2.0
// `energy:` of a campaign: which windows a board runs while a current meter watches. They come after its
// inferences. One block is a vector run by every model, in their order and backwards (A B B A), each time in
// a window of its own; before the first block, halfway and after the last the board waits and sleeps.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "formats/section.hpp"

namespace tinyhil {

// What a meter that is lost while it records does to the run.
enum class MeterLost : std::uint8_t {
  stop,   // it stops as for any fault of the bench, to be resumed
  go_on,  // it ends without the energies that are missing
};

struct EnergyPlan {
  std::uint32_t vectors = 20;            // blocks: the first of the run's order on each board
  std::chrono::milliseconds window{20};  // a window of inferences lasts at least so long
  std::chrono::milliseconds rest{5};     // quiet idle before and after each window
  std::chrono::milliseconds idle{100};   // each window awake and waiting
  std::chrono::milliseconds sleep{500};  // each window asleep; 0: the board does not sleep
  MeterLost lost = MeterLost::stop;
};

// Throws Error(usage) with file and line.
EnergyPlan read_energy_plan(const Section& section);

}  // namespace tinyhil
