// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "campaign/internal/model_mistakes.hpp"
#include "metric/host_disagreement.hpp"
#include "mistakes.hpp"
#include "model/task.hpp"

namespace tinyhil::campaign {

namespace {

void narrow(Campaign& campaign, const std::vector<std::string>& candidates) {
  for (const std::string& name : candidates) {
    if (std::ranges::find(campaign.candidates, name) == campaign.candidates.end()) {
      throw Error(ErrorKind::usage, "the campaign has no candidate `" + name + "`", campaign.file.string(),
                  suggestion(name, campaign.candidates));
    }
  }
  if (candidates.empty()) return;
  campaign.candidates = candidates;
  std::erase_if(campaign.models, [&](const ModelFile& model) {
    return model.name != campaign.baseline && std::ranges::find(candidates, model.name) == candidates.end();
  });
}

void check_golden_names(const Campaign& campaign, const VectorSet& vectors) {
  for (const ModelFile& model : campaign.models) {
    if (!model.golden || vectors.golden.contains(*model.golden)) continue;
    throw Error(ErrorKind::usage,
                "the vectors hold no golden outputs `" + *model.golden + "` for model `" + model.name + "`",
                vectors.file.string(), "add the array to the vectors, or remove `golden` from the model");
  }
}

std::string value_of(const gate::PolicyRule& rule, const std::string& key) {
  for (const auto& [name, text] : rule.keys)
    if (name == key) return text;
  return "";
}

// Images take turns on a board, so no vector is run by all of them before the next one is drawn; and of a
// model in an image nobody knows the size.
void check_images(const Campaign& campaign, const gate::Policy& policy) {
  const auto images = std::ranges::count(campaign.models, true, &ModelFile::is_image);
  if (images == 0) return;
  if (static_cast<std::size_t>(images) < campaign.models.size()) {
    throw Error(ErrorKind::usage, "some models are files, others are in firmware images",
                campaign.file.string(),
                "compare files with files, by `file`, and images with images, by `image`");
  }
  if (!policy.sampling.is_all_at_once()) {
    throw Error(ErrorKind::usage,
                "firmware images are compared over the whole set, but the gate has `sampling`",
                policy.file.string(), "remove `sampling`");
  }
  for (const gate::PolicyRule& rule : policy.rules) {
    if (rule.test != "memory" || value_of(rule, "metric") != "model_size") continue;
    throw Error(
        ErrorKind::usage,
        "rule `" + rule.id + "` limits `model_size`, but the campaign's models are in firmware images",
        policy.file.string(), "limit `flash_size`, which an image has");
  }
}

// Which class the host found is read from one output.
void refuse_several(const std::string& golden, const VectorSet& vectors) {
  const TensorList& output = vectors.golden.at(golden).output;
  if (output.is_single()) return;
  throw Error(ErrorKind::usage,
              "the gate's `order: disagreement-first` goes by the classes that the host found, but `" +
                  golden + "` holds " + std::to_string(output.size()) + " outputs",
              vectors.file.string(), "write `order: random` in the gate");
}

// Also of candidates that are not asked for, so that the order does not depend on who is.
std::vector<std::string> host_arrays(const Campaign& campaign, const VectorSet& vectors) {
  const TaskTraits task = campaign.task->traits();
  if (!task.class_is_largest) {
    throw Error(
        ErrorKind::usage,
        "the gate's `order: disagreement-first` goes by the class that the host's outputs name, and a " +
            task.kind + " has none",
        campaign.file.string(), "write `order: random` in the gate");
  }
  std::vector<std::string> arrays;
  for (const HostOutputs& outputs : campaign.host_outputs) {
    if (outputs.golden && vectors.golden.contains(*outputs.golden)) {
      refuse_several(*outputs.golden, vectors);
      arrays.push_back(*outputs.golden);
      continue;
    }
    const std::string lack = outputs.golden ? "the vectors hold no `" + *outputs.golden + "`"
                                            : "`models: " + outputs.model + "` has no `golden`";
    throw Error(
        ErrorKind::usage,
        "the gate's `order: disagreement-first` goes by what the host computed for every model, but " + lack,
        campaign.file.string(),
        "add `golden: golden_" + outputs.model +
            "` to the model and the array to the vectors, or write `order: random` in the gate");
  }
  return arrays;
}

}  // namespace

RunSampling run_sampling(const Inputs& inputs) { return run_sampling(inputs, inputs.policy.sampling); }

RunSampling run_sampling(const Inputs& inputs, const sampling::Sampling& sampling) {
  RunSampling rules = sampling::rules_of(sampling);
  if (sampling.order != DrawOrder::disagreement_first) return rules;
  rules.chosen = inputs.disagreements.size();
  rules.host_outputs = host_arrays(inputs.campaign, inputs.vectors);
  return rules;
}

Inputs load_inputs(Campaign campaign, const std::vector<std::string>& candidates) {
  Inputs inputs;
  inputs.campaign = std::move(campaign);
  const std::size_t all = inputs.campaign.candidates.size();
  narrow(inputs.campaign, candidates);
  inputs.policy = gate::load_policy(inputs.campaign.policy);
  gate::share_alpha(inputs.policy, all);
  inputs.vectors = load_vector_set(inputs.campaign.vectors, inputs.campaign.task);
  check_golden_names(inputs.campaign, inputs.vectors);
  check_images(inputs.campaign, inputs.policy);
  if (inputs.policy.sampling.order == DrawOrder::disagreement_first) {
    inputs.disagreements =
        metric::host_disagreements(inputs.vectors, host_arrays(inputs.campaign, inputs.vectors));
  }
  inputs.models = known_models(inputs.campaign, inputs.file_mistakes);
  inputs.warnings = warnings_among(mistakes_in(inputs, {}), inputs.policy);
  return inputs;
}

}  // namespace tinyhil::campaign
