// SPDX-License-Identifier: Apache-2.0
// What `plan` and `simulate` take for true, and where they have it from: what the user states, else what the
// store knows of an earlier run, else a default. The source is part of it, because a guess must look like
// one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "campaign/inputs.hpp"
#include "campaign/judgement.hpp"
#include "commands.hpp"

namespace tinyhil::app {

struct CandidateAssumptions {
  std::string candidate;
  double discordance = 0;
  std::string discordance_from;  // "run 12", "--discordance", "three times the margin of `accuracy`"
  std::optional<double> effect;
  std::string effect_from;
  double seconds_per_vector = 0;  // on the board, both models, all repeats
  std::string seconds_from;
};

// "-0.5 %", "+1%", "0 %" -> -0.005, 0.01, 0. Throws Error(usage) that names `option`.
double parse_signed_ratio(const std::string& text, const std::string& option);
std::chrono::nanoseconds parse_time(const std::string& text, const std::string& option);

// Nothing where the store has none of the campaign. Throws Error(usage) when `stated.run` is not in it.
std::optional<campaign::Judgement> earlier_run(const campaign::Inputs& inputs,
                                               const AssumptionOptions& stated);

// One a candidate. `run`: the earlier one.
std::vector<CandidateAssumptions> assume(const campaign::Inputs& inputs, const AssumptionOptions& stated,
                                         const std::optional<campaign::Judgement>& run);

double mean_seconds(const Scorecard& card);  // of an inference; 0 where its latency is not known

// Rules that are not simulated, whose vectors and errors nothing is said of.
std::vector<std::string> rules_beyond_accuracy(const gate::Policy& policy);

// "auc, memory"; "" for none
std::string listed(const std::vector<std::string>& names);

}  // namespace tinyhil::app
