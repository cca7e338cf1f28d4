// SPDX-License-Identifier: Apache-2.0
// Which differences of energy a number of blocks of windows can be expected to decide, from how the blocks of
// an earlier run scattered. Without one nobody knows: it depends on board, meter and supply. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gate/gate.hpp"
#include "model/recording.hpp"
#include "stats/recorded_energy.hpp"

namespace tinyhil::gate {

// Ratios as differences: 0.01 is 1 % more than the baseline.
struct EnergyForecast {
  std::string rule;
  std::string board;
  double margin = 0;
  std::uint64_t blocks_seen = 0;  // of the earlier run
  double block_scatter = 0;       // standard deviation of one block's ratio
  double seen = 0;                // the candidate's energy beside the baseline's, as it was measured
  double least_margin_equal = 0;  // that is decided with a chance of 90 % if both take the same
  double least_margin_seen = 0;   // ... if what was seen is true
  double instrument = 0;          // of these, what the meter has wrong, which no number of blocks takes away
};

// Of each rule of the policy that holds energy beside the baseline's, on each board whose recordings have
// enough blocks of both models. `blocks`: how many are planned, at least 2.
std::vector<EnergyForecast> forecast_energy(const Policy& policy, std::span<const Recording> recordings,
                                            const stats::ModelPair& models, std::uint64_t blocks);

}  // namespace tinyhil::gate
