// SPDX-License-Identifier: Apache-2.0
// What recordings of a run hold, as the formulas of energy take it: windows of one model with the idle window
// beside each, and blocks of two models. Only complete windows with proven inferences count. Example:
//
//   const std::vector<EnergyBlock> blocks = energy_blocks(recordings, {"shipped", "slim"});
//   const std::optional<EnergyRatio> ratio = energy_ratio(blocks, Baseline::none);
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/recording.hpp"
#include "stats/energy_budget.hpp"
#include "stats/energy_ratio.hpp"

namespace tinyhil::stats {

MeasuredWindow window_of(const tinyhil::MeasuredWindow& recorded, const MeterIdentity& meter);

// Its supply, as far as it is known.
Supply supply_of(const MeterIdentity& meter);

// Whether a window counts. A window of inferences without a proven one measured something else.
bool counts(const tinyhil::MeasuredWindow& recorded);

// Of one recording, in the order in which they were made, each with the idle window that was made nearest to
// it. A window without any has idle.length_s == 0.
std::vector<InferenceWindow> inference_windows(const Recording& recording, const std::string& model);

// Windows awake and waiting, or asleep.
std::vector<MeasuredWindow> resting_windows(const Recording& recording, WindowKind kind);

struct ModelPair {
  std::string a;  // the baseline
  std::string b;
};
// Blocks in which both have a window that counts.
std::vector<EnergyBlock> energy_blocks(const Recording& recording, const ModelPair& models);

}  // namespace tinyhil::stats
