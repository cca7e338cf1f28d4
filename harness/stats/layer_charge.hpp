// SPDX-License-Identifier: Apache-2.0
// What each layer of a model costs: the inferences of one window, laid over each other, cut where the device
// said that each layer ended. Each period of the window begins with the input being written ("between
// inferences"), then the layers run. Periods are taken as equally long: the window divided by its inferences.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tinyhil::stats {

struct FoldedWindow {
  std::span<const float> current_a;  // samples of the window and one or more beside it; NaN: missing
  double sample_s = 0;
  double begin = 0;  // of the window, in samples from the first of current_a
  double end = 0;
  std::uint64_t inferences = 0;
  std::span<const double> layer_ends_s;  // from the start of an inference, ascending
};

struct LayerCharge {
  double charge_c = 0;  // an inference
  double time_s = 0;
  double standard_c = 0;  // its standard uncertainty by scatter between inferences and by the cuts
};

struct LayerCharges {
  LayerCharge between;              // inferences
  std::vector<LayerCharge> layers;  // in their order
  std::uint64_t folded = 0;         // inferences: those with every sample
};

// between + layers are the charge of the folded inferences, exactly; without gaps that is the window's.
// A cut is off by up to a sample, at the step of the current there. Needs inferences > 0,
// 0 <= begin < end <= size. Layer ends beyond the period are taken to be its end.
// With more inferences than samples nothing can be told: folded is 0, and there are no layers.
LayerCharges layer_charges(const FoldedWindow& window);

}  // namespace tinyhil::stats
