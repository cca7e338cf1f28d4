// SPDX-License-Identifier: Apache-2.0
#include "board_comparisons.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "gate/board_outliers.hpp"
#include "metric/board_figures.hpp"

namespace tinyhil::campaign {

namespace {

std::vector<std::uint32_t> owned_vectors(const gate::Sample& sample, const VectorOwners& owners,
                                         std::size_t board) {
  std::vector<std::uint32_t> owned;
  for (std::size_t position = 0; position < sample.drawn; ++position)
    if (owners.owner(sample.order[position]) == board) owned.push_back(sample.order[position]);
  return owned;
}

std::optional<UncertainFigure> energy_on(const std::string& board, const std::string& model,
                                         const std::vector<BoardEnergyFigures>& energies) {
  for (const BoardEnergyFigures& each : energies) {
    if (each.board != board) continue;
    const auto found = std::ranges::find(each.models, model, &ModelEnergy::model);
    if (found != each.models.end()) return found->gross;
  }
  return std::nullopt;
}

std::uint64_t attempts_on(const std::string& board, const RunRecord& run) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(run.failed_attempts, [&](const FailedAttempt& attempt) {
        return std::ranges::find(attempt.boards, board) != attempt.boards.end();
      }));
}

}  // namespace

std::vector<BoardFigures> figures_by_board(const RunTrials& trials,
                                           const std::vector<gate::BoardFacts>& boards, CardOf card) {
  std::vector<BoardFigures> figures;
  std::vector<const Trial*> of_boards;
  for (const gate::BoardFacts& facts : boards) {
    const std::string& name = (facts.*card).info.board.name;
    const auto place = std::ranges::find(trials.boards(), name) - trials.boards().begin();
    const std::vector<std::uint32_t> owned =
        owned_vectors(facts.sample, *trials.owners(), static_cast<std::size_t>(place));
    figures.push_back(metric::board_figures(facts.*card, owned));
    of_boards.push_back(&trials.of((facts.*card).info.model, name));
  }
  if (boards.empty()) return figures;
  const std::vector<metric::OddOutputs> odd =
      metric::odd_outputs(of_boards, (boards.front().*card).info.vector_count);
  for (std::size_t i = 0; i < odd.size(); ++i)
    std::tie(figures[i].shared, figures[i].odd, figures[i].disputed) =
        std::tie(odd[i].shared, odd[i].odd, odd[i].disputed);
  return figures;
}

BoardComparison compared_boards(std::vector<BoardFigures> figures, const std::string& model,
                                const std::vector<BoardEnergyFigures>& energies, const RunRecord& run) {
  for (BoardFigures& each : figures) {
    each.energy_uj = energy_on(each.board.name, model, energies);
    each.failed_attempts = attempts_on(each.board.name, run);
  }
  return gate::compare_boards(model, std::move(figures));
}

}  // namespace tinyhil::campaign
