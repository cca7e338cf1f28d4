// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <algorithm>

#include "metric/host_disagreement.hpp"
#include "model/nearest.hpp"

namespace tinyhil {

namespace {

void narrow(Campaign& campaign, const std::vector<std::string>& candidates) {
  for (const std::string& name : candidates) {
    if (std::ranges::find(campaign.candidates, name) == campaign.candidates.end()) {
      throw Error(ExitCode::usage, "the campaign has no candidate `" + name + "`", campaign.file.string(),
                  suggestion(name, campaign.candidates));
    }
  }
  if (candidates.empty()) return;
  campaign.candidates = candidates;
  std::erase_if(campaign.models, [&](const ModelFile& model) {
    return model.name != campaign.baseline && std::ranges::find(candidates, model.name) == candidates.end();
  });
}

void check_golden(const Campaign& campaign, const VectorSet& vectors) {
  for (const ModelFile& model : campaign.models) {
    if (!model.golden || vectors.golden.contains(*model.golden)) continue;
    throw Error(ExitCode::usage,
                "the vectors hold no golden outputs `" + *model.golden + "` for model `" + model.name + "`",
                vectors.file.string(), "add the array to the vectors, or remove `golden` from the model");
  }
}

// Also of candidates that are not asked for, so that the order does not depend on who is.
std::vector<std::string> host_arrays(const Campaign& campaign, const VectorSet& vectors) {
  std::vector<std::string> arrays;
  for (const HostOutputs& outputs : campaign.host_outputs) {
    if (outputs.golden && vectors.golden.contains(*outputs.golden)) {
      arrays.push_back(*outputs.golden);
      continue;
    }
    const std::string lack = outputs.golden ? "the vectors hold no `" + *outputs.golden + "`"
                                            : "`models: " + outputs.model + "` has no `golden`";
    throw Error(
        ExitCode::usage,
        "the gate's `order: disagreement-first` goes by what the host computed for every model, but " + lack,
        campaign.file.string(),
        "add `golden: golden_" + outputs.model +
            "` to the model and the array to the vectors, or write `order: random` in the gate");
  }
  return arrays;
}

}  // namespace

std::string sampling_text(const Inputs& inputs) { return sampling_text(inputs, inputs.policy.sampling); }

std::string sampling_text(const Inputs& inputs, const Sampling& sampling) {
  std::string text = to_text(sampling);
  if (sampling.order != DrawOrder::disagreement_first) return text;
  text += ", " + std::to_string(inputs.disagreements.size()) + " first by";
  for (const std::string& array : host_arrays(inputs.campaign, inputs.vectors)) text += " " + array;
  return text;
}

Inputs load_inputs(Campaign campaign, const std::vector<std::string>& candidates) {
  Inputs inputs;
  inputs.campaign = std::move(campaign);
  narrow(inputs.campaign, candidates);
  inputs.policy = load_policy(inputs.campaign.policy);
  inputs.vectors = load_vector_set(inputs.campaign.vectors);
  check_golden(inputs.campaign, inputs.vectors);
  if (inputs.policy.sampling.order == DrawOrder::disagreement_first) {
    inputs.disagreements = host_disagreements(inputs.vectors, host_arrays(inputs.campaign, inputs.vectors));
  }
  return inputs;
}

}  // namespace tinyhil
