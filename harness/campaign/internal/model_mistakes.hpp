// SPDX-License-Identifier: Apache-2.0
// Model files against each other and against the vectors, as the files tell it.
#pragma once

#include <vector>

#include "gate/known.hpp"
#include "model/campaign.hpp"

namespace tinyhil::campaign {

// Baseline first. What is no valid model is added to `mistakes`.
std::vector<gate::KnownModel> known_models(const Campaign& campaign, std::vector<gate::Mistake>& mistakes);

// Inputs, number of classes, golden outputs, and two models of one computation or of two input scales.
std::vector<gate::Mistake> model_mistakes(const Campaign& campaign, const VectorSet& vectors,
                                          const std::vector<gate::KnownModel>& models);

}  // namespace tinyhil::campaign
