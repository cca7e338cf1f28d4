// SPDX-License-Identifier: Apache-2.0
// What each of several boards found of a model, in figures. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/board_figures.hpp"
#include "model/scorecard.hpp"
#include "model/trial.hpp"

namespace tinyhil::metric {

// `card`: of all vectors that the board ran; `owned`: those that count as its own. Energy, attempts and what
// its outputs are beside those of others are not filled in.
BoardFigures board_figures(const Scorecard& card, std::span<const std::uint32_t> owned);

// How a board's outputs of the vectors that others answered, too, are beside theirs.
struct OddOutputs {
  std::uint64_t shared = 0, odd = 0, disputed = 0;  // as in BoardFigures
};

// One for each trial: the same model on each board, over sets of so many vectors. Outputs are equal byte for
// byte, or they differ: boards of one kind with one firmware compute the same. Throws Error(bench_fault) when
// rows do not fit the output that their trial describes.
std::vector<OddOutputs> odd_outputs(std::span<const Trial* const> boards, std::size_t vectors);

}  // namespace tinyhil::metric
