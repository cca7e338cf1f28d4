// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "stats/energy_budget.hpp"

namespace tinyhil::stats {

bool measured(const InferenceWindow& window, Baseline baseline);  // proven, and with what is subtracted

// weight * (charge of the window, less that of idle) / proven.
void add_shares(std::vector<WindowShare>& shares, const InferenceWindow& window, Baseline baseline,
                double weight);

// Coulombs an inference of each window. Needs measured() of all.
std::vector<double> charges_per_inference(std::span<const InferenceWindow> windows, Baseline baseline);

}  // namespace tinyhil::stats
