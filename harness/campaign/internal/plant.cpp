// SPDX-License-Identifier: Apache-2.0
#include "gate/term.hpp"
#include "model/inference_rows.hpp"
#include "plant_faults.hpp"

namespace tinyhil::campaign {
namespace {

const std::vector<std::string> kAccuracy = {"noninferiority", "worst_slice", "accuracy", "auc", "stress"};
const std::vector<std::string> kOutputs = {"golden", "noninferiority", "worst_slice", "accuracy",
                                           "auc",    "score_drift"};
const std::vector<std::string> kLatencyRules = {"latency_quantile", "latency_shift"};

std::string crash(Specimen& specimen) {
  Trial& trial = *specimen.of_candidate().front();
  trial.state = TrialState::faulted;
  trial.fault = Fault{FaultKind::timeout, "planted: the device crashed", "planted"};
  return "";
}

std::string outlived_crash(Specimen& specimen) {
  Trial& trial = *specimen.of_candidate().front();
  trial.survived.push_back(
      {{FaultKind::reset, "planted: the device crashed once", "planted"}, std::nullopt, true});
  return "";
}

std::string missing_rows(Specimen& specimen) {
  InferenceRows& rows = specimen.of_candidate().front()->rows;
  if (rows.size() == 0) return kNoRows;
  rows.resize(rows.size() - 1);
  return "";
}

}  // namespace

std::vector<Trial*> Specimen::of(const std::string& model) {
  std::vector<Trial*> found;
  for (Trial& trial : trials) {
    if (trial.info.model == model && trial.info.role == TrialRole::subject) found.push_back(&trial);
  }
  return found;
}

std::optional<double> number_of(const gate::PolicyRule& rule, const std::string& key) {
  for (const gate::Term& term : rule.rule->terms()) {
    if (term.key == key && term.looser != gate::Looser::fewer_names) return term.number;
  }
  return std::nullopt;
}

std::span<const Plant> plants() {
  static const Plant all[] = {
      {"permuted_labels", "labels in another order", kAccuracy, permuted_labels},
      {"lost_accuracy", "one vector more lost than the margin lets", {"noninferiority"}, lost_accuracy},
      {"worse_slice", "the smallest slice one vector worse than its margin", {"worst_slice"}, worse_slice},
      {"frozen_outputs", "every output of the candidate equal", kOutputs, frozen_outputs},
      {"one_lsb", "one element of one output off by one step", {"golden"}, one_lsb},
      {"baseline_as_candidate",
       "the baseline's outputs for the candidate's",
       {"golden"},
       baseline_as_candidate},
      {"candidate_as_baseline", "the candidate's outputs for the baseline's", {}, candidate_as_baseline},
      {"slow", "latency beyond its limit", kLatencyRules, slow},
      {"large", "memory one byte beyond its limit", {"memory"}, large},
      {"crash", "the device crashed for good", {}, crash},
      {"outlived_crash", "the device crashed once, and the run went on", {"no_faults"}, outlived_crash},
      {"missing_row", "one result missing", {}, missing_rows},
  };
  return all;
}

}  // namespace tinyhil::campaign
