// SPDX-License-Identifier: Apache-2.0
#include "plan_energy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assumptions.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

// Of each model of the campaign; 0 where no run timed it.
std::vector<double> inference_seconds(const campaign::Inputs& inputs,
                                      const std::optional<campaign::Judgement>& run) {
  std::vector<double> seconds;
  for (const ModelFile& model : inputs.campaign.models) {
    seconds.push_back(0);
    if (!run) continue;
    const auto card = std::ranges::find_if(
        run->scorecards, [&](const Scorecard& each) { return each.info.model == model.name; });
    if (card != run->scorecards.end()) seconds.back() = mean_seconds(*card);
  }
  return seconds;
}

void print_forecast(const gate::EnergyForecast& forecast, std::uint64_t blocks) {
  fmt::print(
      "    {}, board {}: {} blocks are expected to decide a margin of {:.2f} % if both take the same, of "
      "{:.2f} % if {:+.2f} % is true; asked for is {:g} %\n",
      forecast.rule, forecast.board, blocks, 100 * forecast.least_margin_equal,
      100 * forecast.least_margin_seen, 100 * forecast.seen, 100 * forecast.margin);
  fmt::print(
      "      a block scattered by {:.2f} % in {} blocks; {:.2f} % is the meter's own, whatever their "
      "number\n",
      100 * forecast.block_scatter, forecast.blocks_seen, 100 * forecast.instrument);
}

Json json_of(const gate::EnergyForecast& forecast) {
  return {{"rule", forecast.rule},
          {"board", forecast.board},
          {"margin", forecast.margin},
          {"blocks_seen", forecast.blocks_seen},
          {"block_scatter", forecast.block_scatter},
          {"seen", forecast.seen},
          {"least_margin_equal", forecast.least_margin_equal},
          {"least_margin_seen", forecast.least_margin_seen},
          {"instrument", forecast.instrument}};
}

}  // namespace

std::optional<PlannedEnergy> plan_energy(const campaign::Inputs& inputs,
                                         const std::optional<campaign::Judgement>& run) {
  if (!inputs.campaign.energy) return std::nullopt;
  const std::vector<double> seconds = inference_seconds(inputs, run);
  PlannedEnergy planned;
  planned.estimate = campaign::estimate_energy(*inputs.campaign.energy, inputs.vectors.count, seconds);
  if (run && std::ranges::any_of(seconds, [](double each) { return each > 0; }))
    planned.times_from = fmt::format("run {}", run->run.id);
  planned.asks_for_margin = std::ranges::any_of(inputs.policy.rules, [](const gate::PolicyRule& rule) {
    return rule.rule->demand().energy_margin.has_value();
  });
  for (const std::string& candidate : inputs.campaign.candidates) {
    planned.candidates.push_back({candidate, {}});
    if (!run || planned.estimate.blocks < 2) continue;
    planned.candidates.back().rules = gate::forecast_energy(
        inputs.policy, run->recordings, {inputs.campaign.baseline, candidate}, planned.estimate.blocks);
  }
  return planned;
}

void print_energy(const PlannedEnergy& planned) {
  const campaign::EnergyEstimate& estimate = planned.estimate;
  fmt::print(
      "energy: {} blocks of windows on each board: {} of inferences, {} idle, {} asleep; {} {:.1f} min "
      "({})\n",
      estimate.blocks, estimate.inference_windows, estimate.idle_windows, estimate.sleep_windows,
      estimate.is_lower_bound ? "at least" : "about", estimate.seconds / 60,
      planned.times_from.empty()
          ? "how long an inference takes is not known before a first run"
          : "inferences as long as in " + planned.times_from + "; the line comes on top");
  if (!planned.asks_for_margin) return;
  for (const PlannedEnergy::OfCandidate& one : planned.candidates) {
    fmt::print("  {}:{}\n", one.candidate,
               one.rules.empty() ? " which margin they decide is not known before a first run" : "");
    for (const gate::EnergyForecast& forecast : one.rules) print_forecast(forecast, estimate.blocks);
  }
}

nlohmann::ordered_json json_of(const PlannedEnergy& planned) {
  const campaign::EnergyEstimate& estimate = planned.estimate;
  Json candidates = Json::array();
  for (const PlannedEnergy::OfCandidate& one : planned.candidates) {
    Json rules = Json::array();
    for (const gate::EnergyForecast& forecast : one.rules) rules.push_back(json_of(forecast));
    candidates.push_back({{"candidate", one.candidate}, {"rules", rules}});
  }
  return {{"blocks", estimate.blocks},
          {"inference_windows", estimate.inference_windows},
          {"idle_windows", estimate.idle_windows},
          {"sleep_windows", estimate.sleep_windows},
          {"seconds", estimate.seconds},
          {"is_lower_bound", estimate.is_lower_bound},
          {"times_from", planned.times_from.empty() ? Json(nullptr) : Json(planned.times_from)},
          {"candidates", candidates}};
}

}  // namespace tinyhil::app
