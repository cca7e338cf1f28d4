// SPDX-License-Identifier: Apache-2.0
// What a user hands to a command, read and checked before any board is touched.
#pragma once

#include "gate/gate.hpp"
#include "model/campaign.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {

struct Inputs {
  Campaign campaign;
  VectorSet vectors;
  Policy policy;
  // With `order: disagreement-first`: on which vectors the host's outputs of the campaign's models differ.
  std::vector<std::uint32_t> disagreements{};
};

// The rules by which a run of these draws and looks, as its record has them.
std::string sampling_text(const Inputs& inputs);
std::string sampling_text(const Inputs& inputs, const Sampling& sampling);  // had the policy this one

// Reads the campaign with its vectors and policy, narrowed to the candidates asked for.
Inputs load_inputs(Campaign campaign, const std::vector<std::string>& candidates);

}  // namespace tinyhil
