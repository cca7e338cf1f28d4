// SPDX-License-Identifier: Apache-2.0
// What `plan` says of the windows that a meter watches: how many, how long, what they can be expected to tell
// apart.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "campaign/energy_estimate.hpp"
#include "campaign/inputs.hpp"
#include "campaign/judgement.hpp"
#include "gate/energy_forecast.hpp"

namespace tinyhil::app {

struct PlannedEnergy {
  struct OfCandidate {
    std::string candidate;
    std::vector<gate::EnergyForecast> rules;  // empty: not known before a first run
  };

  campaign::EnergyEstimate estimate;
  std::string times_from;  // "run 12"; "" where no run timed the models
  std::vector<OfCandidate> candidates;
  bool asks_for_margin = false;  // some rule of the policy holds energy beside the baseline's
};

// Nothing for a campaign that measures no current. `run`: an earlier one of it.
std::optional<PlannedEnergy> plan_energy(const campaign::Inputs& inputs,
                                         const std::optional<campaign::Judgement>& run);

void print_energy(const PlannedEnergy& planned);
nlohmann::ordered_json json_of(const PlannedEnergy& planned);

}  // namespace tinyhil::app
