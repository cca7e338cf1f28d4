// SPDX-License-Identifier: Apache-2.0
// Recordings of a run -> energies by board and model, with their uncertainty (stats/energy_budget.hpp).
// Example:
//
//   for (const BoardEnergyFigures& board : energy_figures(store.recordings(run), {"shipped", "slim"})) ...
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/energy_figures.hpp"

namespace tinyhil::metric {

// By board and meter, in the order in which they were recorded; recordings of one board by meters that cannot
// be compared are apart.
std::vector<BoardEnergyFigures> energy_figures(std::span<const Recording> recordings,
                                               const std::vector<std::string>& models);

}  // namespace tinyhil::metric
