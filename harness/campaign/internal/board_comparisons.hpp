// SPDX-License-Identifier: Apache-2.0
// Each board of a run beside the others, of every model that was judged.
#pragma once

#include <string>
#include <vector>

#include "gate/gate.hpp"
#include "model/board_figures.hpp"
#include "model/run_record.hpp"
#include "model/vector_set.hpp"
#include "run_trials.hpp"

namespace tinyhil::campaign {

// Of one model, as its boards' scorecards have it: a candidate's or the baseline's.
using CardOf = Scorecard gate::BoardFacts::*;

// Empty where one board ran all.
std::vector<BoardFigures> figures_by_board(const RunTrials& trials,
                                           const std::vector<gate::BoardFacts>& boards, CardOf card);

// With what was measured beside: energies, and attempts at the campaign that failed on each board.
BoardComparison compared_boards(std::vector<BoardFigures> figures, const std::string& model,
                                const std::vector<BoardEnergyFigures>& energies, const RunRecord& run);

}  // namespace tinyhil::campaign
