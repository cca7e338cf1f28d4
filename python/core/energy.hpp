// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/energy_figures.hpp"
#include "model/recording.hpp"

namespace tinyhil::python {

// Of all models that were measured, in the order of their first windows.
std::vector<BoardEnergyFigures> energies_of(const std::vector<Recording>& recordings);

}  // namespace tinyhil::python
