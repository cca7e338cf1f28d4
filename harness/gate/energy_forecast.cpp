// SPDX-License-Identifier: Apache-2.0
#include "energy_forecast.hpp"

#include <cmath>

#include "gate/internal/board_energy.hpp"

namespace tinyhil::gate {

std::vector<EnergyForecast> forecast_energy(const Policy& policy, std::span<const Recording> recordings,
                                            const stats::ModelPair& models, std::uint64_t blocks) {
  const double confidence = 1 - 2 * policy.alpha;
  std::vector<EnergyForecast> forecasts;
  for (const PolicyRule& rule : policy.rules) {
    const Demand demand = rule.rule->demand();
    if (!demand.energy_margin) continue;
    const auto baseline = demand.net_energy ? stats::Baseline::idle : stats::Baseline::none;
    for (const BoardEnergy& board : by_board(recordings)) {
      if (!board.unlike_meters().empty()) continue;
      const std::optional<stats::EnergyRatio> ratio = stats::energy_ratio(board.blocks(models), baseline);
      if (!ratio) continue;
      const double distance = stats::decidable_distance(*ratio, blocks, confidence);
      forecasts.push_back({.rule = rule.id,
                           .board = board.board,
                           .margin = *demand.energy_margin,
                           .blocks_seen = ratio->blocks,
                           .block_scatter = ratio->scatter * std::sqrt(static_cast<double>(ratio->blocks)),
                           .seen = ratio->ratio - 1,
                           .least_margin_equal = std::expm1(distance),
                           .least_margin_seen = ratio->ratio * std::exp(distance) - 1,
                           .instrument = std::expm1(ratio->instrument_half_width(confidence))});
    }
  }
  return forecasts;
}

}  // namespace tinyhil::gate
