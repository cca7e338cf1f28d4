// SPDX-License-Identifier: Apache-2.0
// Which models an engine runs, where the host can know it: the reference engine's checks are run here, too.
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "engine_survey.hpp"
#include "mistakes.hpp"

namespace tinyhil::campaign {
namespace {

std::string listed(const std::vector<std::string>& reasons) {
  std::string text;
  for (const std::string& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  return text;
}

}  // namespace

std::vector<std::string> unsupported_by(const std::string& engine, const Inputs& inputs) {
  std::vector<std::string> found;
  if (engine != "reference" && engine != "reference-tflm") return found;
  for (const gate::KnownModel& model : inputs.models) {
    if (!model.file) continue;
    const EngineSurvey survey = survey_for_reference(inputs.campaign.model(model.name).content);
    if (!survey.runs()) found.push_back("model `" + model.name + "`: " + listed(survey.reasons));
  }
  return found;
}

void refuse_unsupported(const Inputs& inputs, const std::string& engine) {
  const std::string what = listed(unsupported_by(engine, inputs));
  if (what.empty()) return;
  throw Error(ErrorKind::usage, "the board's engine `" + engine + "` cannot run it: " + what,
              inputs.campaign.file.string(),
              "build the model of what the engine runs (operators: " + quoted_list(operators_of_reference()) +
                  "), or link an engine that runs it");
}

}  // namespace tinyhil::campaign
