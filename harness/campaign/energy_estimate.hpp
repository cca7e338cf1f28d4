// SPDX-License-Identifier: Apache-2.0
// What a campaign's `energy` takes of a board's time, before there is a board.
#pragma once

#include <cstdint>
#include <span>

#include "model/energy_plan.hpp"

namespace tinyhil::campaign {

struct EnergyEstimate {
  std::uint64_t blocks = 0;
  std::uint64_t inference_windows = 0;
  std::uint64_t idle_windows = 0;
  std::uint64_t sleep_windows = 0;
  double seconds = 0;           // of windows and the rests around them; the line comes on top
  bool is_lower_bound = false;  // how long an inference takes is not known of every model
};

// As a board runs them that holds all its vectors at once. `inference_s`: of each model of the campaign, in
// seconds; 0 where it is not known, and then its windows are taken to be as short as they may be.
EnergyEstimate estimate_energy(const EnergyPlan& plan, std::uint64_t vectors,
                               std::span<const double> inference_s);

}  // namespace tinyhil::campaign
