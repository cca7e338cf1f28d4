// SPDX-License-Identifier: Apache-2.0
#include "json_of.hpp"

namespace tinyhil::report {
namespace {

Json json_of(const UncertaintyTerm& term) {
  return {{"source", term.source}, {"shape", term.shape}, {"standard", term.standard}};
}

Json json_of(const std::optional<UncertainFigure>& figure) {
  if (!figure) return nullptr;
  Json terms = Json::array();
  for (const UncertaintyTerm& term : figure->terms) terms.push_back(json_of(term));
  return {{"value", figure->value},
          {"standard", figure->standard},
          {"interval", report::json_of(figure->interval)},
          {"terms", terms}};
}

Json json_of(const LayerFigure& layer) {
  return {{"energy_uj", layer.energy_uj}, {"standard_uj", layer.standard_uj}, {"time_us", layer.time_us}};
}

Json json_of(const ModelEnergy& model) {
  Json layers = Json::array();
  for (std::size_t i = 1; i < model.layers.size(); ++i) layers.push_back(json_of(model.layers[i]));
  return {{"model", model.model},
          {"windows", model.windows},
          {"incomplete", model.incomplete},
          {"why_incomplete", model.why_incomplete},
          {"inferences", model.inferences},
          {"gross_uj", json_of(model.gross)},
          {"net_uj", json_of(model.net)},
          {"by_vector_uj",
           {{"lowest", model.lowest_uj}, {"median", model.median_uj}, {"highest", model.highest_uj}}},
          {"mlperf_tiny_uj", model.mlperf_uj ? Json(*model.mlperf_uj) : Json(nullptr)},
          {"no_mlperf_tiny", model.no_mlperf},
          {"between_inferences", model.layers.empty() ? Json(nullptr) : json_of(model.layers.front())},
          {"layers", layers}};
}

Json json_of(const MeterIdentity& meter) {
  return {{"driver", meter.driver},     {"serial", meter.serial},
          {"firmware", meter.firmware}, {"calibrated", meter.calibrated},
          {"expires", meter.expires},   {"simulated", meter.simulated},
          {"rate_hz", meter.rate_hz},   {"range_mode", meter.range_mode},
          {"supply_v", meter.supply_v}, {"voltage", to_string(meter.voltage)}};
}

}  // namespace

Json json_of(const BoardEnergyFigures& board) {
  Json models = Json::array();
  for (const ModelEnergy& model : board.models) models.push_back(json_of(model));
  return {{"board", board.board},
          {"meter", json_of(board.meter)},
          {"traces", board.traces},
          {"idle_ua", json_of(board.idle_ua)},
          {"sleep_ua", json_of(board.sleep_ua)},
          {"models", models}};
}

}  // namespace tinyhil::report
