// SPDX-License-Identifier: Apache-2.0
// The energies an inference of two models, b / a, measured in blocks of windows in the order a b b a on one
// board by one meter: a drift that is linear in time takes nothing from either, the gain of a range and the
// voltage cancel, and what is left is the scatter of the blocks (type A) and what the meter has wrong
// differently for the two (type B). Blocks are the unit: the logarithm of each block's ratio is one
// observation, Student's t for their mean. Example:
//
//   const std::optional<EnergyRatio> ratio = energy_ratio(blocks, Baseline::none);
//   if (ratio->interval(0.90).high < 1.03) ...          // at 5 % on each side: at most 3 % more
//   const MoreBlocks more = blocks_to_decide(*ratio, 1.03, 0.90);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stats/energy_budget.hpp"

namespace tinyhil::stats {

struct EnergyBlock {
  std::vector<InferenceWindow> a;  // the windows of one block; both not empty
  std::vector<InferenceWindow> b;
};

struct EnergyRatio {
  double ratio = 1;
  double scatter = 0;  // type A: standard uncertainty of ln(ratio)
  std::uint64_t blocks = 0;
  std::vector<BudgetTerm> instrument{};  // type B of ln(ratio): does not shrink with more blocks
  double measured_s = 0;                 // all its windows together

  // Two-sided: each bound alone holds with (1 + confidence) / 2.
  Interval interval(double confidence) const;
  double instrument_half_width(double confidence) const;  // of ln(ratio), without any scatter
};

// Nothing with fewer than two blocks, or a block with an empty side, a window without proven inferences or
// without the idle window asked for, or a charge that is not positive.
std::optional<EnergyRatio> energy_ratio(std::span<const EnergyBlock> blocks, Baseline baseline);

// What it takes that an interval leaves out `margin` (a ratio), if the ratio seen is the true one, with a
// chance of 90 %.
struct MoreBlocks {
  bool decided = false;             // it does already
  bool instrument_limited = false;  // no number of blocks does: the meter's own error reaches to the margin
  std::uint64_t blocks = 0;         // beyond those seen
  double seconds = 0;               // of windows, at their length; also the same time in longer windows
};

MoreBlocks blocks_to_decide(const EnergyRatio& ratio, double margin, double confidence);

// How far the margin has to be from the true ratio, in logarithms, so that an interval of `blocks` blocks
// that scatter as these do leaves it out with a chance of 90 %. The instrument's half width is in it.
double decidable_distance(const EnergyRatio& ratio, std::uint64_t blocks, double confidence);

}  // namespace tinyhil::stats
