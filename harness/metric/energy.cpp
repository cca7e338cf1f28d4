// SPDX-License-Identifier: Apache-2.0
#include "energy.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "stats/energy_summary.hpp"
#include "stats/recorded_energy.hpp"

namespace tinyhil::metric {
namespace {

constexpr double kMicro = 1e6;
constexpr double kConfidence = 0.95;
constexpr stats::Supply kOneVolt{1, 0};  // then an energy is a charge

using RecordingGroup = std::vector<const Recording*>;

std::string words_of(const stats::BudgetTerm& term) {
  if (term.shape == stats::ErrorShape::rectangular) return "rectangular";
  if (term.shape == stats::ErrorShape::normal || !std::isfinite(term.degrees)) return "normal";
  return "Student, " + std::to_string(std::lround(term.degrees)) + " degrees of freedom";
}

UncertainFigure figure_of(const stats::EnergyBudget& budget) {
  UncertainFigure figure;
  const Interval interval = budget.interval(kConfidence);
  figure.value = kMicro * budget.value;
  figure.standard = kMicro * budget.standard();
  figure.interval = {kMicro * interval.low, kMicro * interval.high};
  for (const stats::BudgetTerm& term : budget.terms)
    figure.terms.push_back({stats::to_string(term.source), words_of(term), kMicro * term.standard});
  return figure;
}

std::optional<UncertainFigure> current_of(const RecordingGroup& group, WindowKind kind) {
  std::vector<stats::MeasuredWindow> windows;
  for (const Recording* recording : group)
    std::ranges::move(stats::resting_windows(*recording, kind), std::back_inserter(windows));
  std::vector<stats::WindowShare> shares;
  for (const stats::MeasuredWindow& window : windows)
    shares.push_back({&window, 1 / (window.length_s * static_cast<double>(windows.size()))});
  if (shares.empty()) return std::nullopt;
  return figure_of(stats::energy_of(shares, kOneVolt));
}

bool is_of(const MeasuredWindow& window, const std::string& model) {
  return window.kind == WindowKind::inference && window.model == model;
}

void count_windows(const RecordingGroup& group, ModelEnergy& energy) {
  for (const Recording* recording : group) {
    for (const MeasuredWindow& window : recording->windows) {
      if (!is_of(window, energy.model)) continue;
      if (stats::counts(window)) {
        ++energy.windows;
        energy.inferences += window.report.proven;
        continue;
      }
      if (energy.incomplete++ == 0)
        energy.why_incomplete = window.why.empty() ? "no inference of it succeeded" : window.why;
    }
  }
}

// Of windows with as many layers as the first that has any.
void add_layers(const RecordingGroup& group, double volt, ModelEnergy& energy) {
  std::size_t windows = 0;
  for (const Recording* recording : group) {
    for (const MeasuredWindow& window : recording->windows) {
      if (!is_of(window, energy.model) || !stats::counts(window) || window.layers.empty()) continue;
      if (energy.layers.empty()) energy.layers.resize(window.layers.size());
      if (energy.layers.size() != window.layers.size()) continue;
      ++windows;
      for (std::size_t i = 0; i < window.layers.size(); ++i) {
        energy.layers[i].energy_uj += kMicro * volt * window.layers[i].charge_c;
        energy.layers[i].time_us += kMicro * window.layers[i].time_s;
        energy.layers[i].standard_uj =
            std::hypot(energy.layers[i].standard_uj, kMicro * volt * window.layers[i].standard_c);
      }
    }
  }
  for (LayerFigure& layer : energy.layers) {
    layer.energy_uj /= static_cast<double>(windows);
    layer.time_us /= static_cast<double>(windows);
    layer.standard_uj /= static_cast<double>(windows);
  }
}

ModelEnergy energy_of(const RecordingGroup& group, const std::string& model) {
  ModelEnergy energy;
  energy.model = model;
  count_windows(group, energy);
  std::vector<stats::InferenceWindow> windows;
  for (const Recording* recording : group)
    std::ranges::move(stats::inference_windows(*recording, model), std::back_inserter(windows));
  const stats::Supply supply = stats::supply_of(group.front()->info.meter);
  if (const auto gross = stats::energy_per_inference(windows, stats::Baseline::none, supply))
    energy.gross = figure_of(*gross);
  if (const auto net = stats::energy_per_inference(windows, stats::Baseline::idle, supply))
    energy.net = figure_of(*net);
  if (const auto spread =
          stats::spread_of(stats::energy_by_vector(windows, stats::Baseline::none, supply.volt))) {
    energy.lowest_uj = kMicro * spread->low;
    energy.median_uj = kMicro * spread->median;
    energy.highest_uj = kMicro * spread->high;
  }
  const stats::MlperfEnergy mlperf = stats::mlperf_tiny_energy(windows, supply.volt);
  if (mlperf.energy) energy.mlperf_uj = kMicro * *mlperf.energy;
  energy.no_mlperf = mlperf.obstacle;
  add_layers(group, supply.volt, energy);
  return energy;
}

std::vector<RecordingGroup> groups_of(std::span<const Recording> recordings) {
  std::vector<RecordingGroup> groups;
  for (const Recording& recording : recordings) {
    const auto alike = std::ranges::find_if(groups, [&](const RecordingGroup& group) {
      return group.front()->info.board == recording.info.board &&
             comparing_obstacle(group.front()->info.meter, recording.info.meter).empty();
    });
    (alike == groups.end() ? groups.emplace_back() : *alike).push_back(&recording);
  }
  return groups;
}

}  // namespace

std::vector<BoardEnergyFigures> energy_figures(std::span<const Recording> recordings,
                                               const std::vector<std::string>& models) {
  std::vector<BoardEnergyFigures> all;
  for (const RecordingGroup& group : groups_of(recordings)) {
    BoardEnergyFigures& board = all.emplace_back();
    board.board = group.front()->info.board;
    board.meter = group.front()->info.meter;
    for (const Recording* recording : group)
      if (!recording->end.trace.empty()) board.traces.push_back(recording->end.trace);
    board.idle_ua = current_of(group, WindowKind::idle);
    board.sleep_ua = current_of(group, WindowKind::sleep);
    for (const std::string& model : models) board.models.push_back(energy_of(group, model));
  }
  return all;
}

}  // namespace tinyhil::metric
