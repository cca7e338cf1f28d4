// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <algorithm>

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

}  // namespace

Inputs load_inputs(Campaign campaign, const std::vector<std::string>& candidates) {
  Inputs inputs;
  inputs.campaign = std::move(campaign);
  narrow(inputs.campaign, candidates);
  inputs.policy = load_policy(inputs.campaign.policy);
  inputs.vectors = load_vector_set(inputs.campaign.vectors);
  check_golden(inputs.campaign, inputs.vectors);
  return inputs;
}

Inputs load_inputs(const JudgeOptions& options) {
  return load_inputs(load_campaign(options.campaign), options.candidates);
}

std::filesystem::path report_folder(const JudgeOptions& options, const Campaign& campaign) {
  return options.report.value_or(std::filesystem::path("results/reports") / campaign.name);
}

}  // namespace tinyhil
