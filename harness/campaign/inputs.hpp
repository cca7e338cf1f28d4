// SPDX-License-Identifier: Apache-2.0
// What a user hands to a command, read and checked before any board is touched. Example:
//
//   Inputs inputs = load_inputs(load_campaign("campaign.yaml"), {"slim"});  // throws Error(usage)
//   refuse_mistakes(inputs, {});  // the same, with all mistakes at once
#pragma once

#include "gate/gate.hpp"
#include "gate/known.hpp"
#include "model/campaign.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::campaign {

struct Inputs {
  Campaign campaign;
  VectorSet vectors;
  gate::Policy policy;
  // With `order: disagreement-first`: on which vectors the host's outputs of the campaign's models differ.
  std::vector<std::uint32_t> disagreements{};
  std::vector<gate::KnownModel> models{};      // as their files tell it, the baseline first
  std::vector<gate::Mistake> file_mistakes{};  // files that are no models; all others: mistakes.hpp
  std::vector<gate::Mistake> warnings{};       // mistakes of which the policy says that they only warn
};

// The rules by which a run of these draws and looks, as its record has them.
RunSampling run_sampling(const Inputs& inputs);
RunSampling run_sampling(const Inputs& inputs,
                         const sampling::Sampling& sampling);  // had the policy this one

// Reads the campaign with its vectors and policy, narrowed to the candidates asked for. Each file is sound by
// itself; whether they fit each other is for refuse_mistakes().
Inputs load_inputs(Campaign campaign, const std::vector<std::string>& candidates);

}  // namespace tinyhil::campaign
