// SPDX-License-Identifier: Apache-2.0
// By how much the candidate's latency changed on boards in general: each board that took part is one
// observation.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "quantity_change.hpp"
#include "stats/board_effects.hpp"

namespace tinyhil::gate {

struct BoardChange {
  std::string board;
  QuantityChange change;  // change.median > 0

  double ratio() const { return change.estimate / change.median; }
};

// The mean of the boards' ratios. Needs at least two boards.
stats::BoardEffect mean_change(std::span<const BoardChange> boards);

// "+1.2 % on b1, +1.3 % on b2; between boards: Q 0.4 (p 0.53), I2 0 %, tau 0 %". The spread only where each
// board's change has an interval, which is `confidence` on each side.
std::string words_of(std::span<const BoardChange> boards, double confidence);

}  // namespace tinyhil::gate
