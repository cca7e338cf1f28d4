// SPDX-License-Identifier: Apache-2.0
// Trial -> Scorecard. Pure: no file, no clock, no randomness. Example:
//
//   const Scorecard card = score(trial, vectors, "golden_slim");
//   card.accuracy.value();  // 0 .. 1, over the vectors that were scored
#pragma once

#include <optional>
#include <string>

#include "metric/internal/row_quantity.hpp"
#include "model/scorecard.hpp"
#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::metric {

// golden: name of the array in `vectors` with the expected outputs. The trial must be of these vectors
// (equal digest): asserted. Throws Error(usage) when the vectors' task cannot score the trial's outputs.
Scorecard score(const Trial& trial, const VectorSet& vectors, const std::optional<std::string>& golden,
                const RowQuantities& further = further_quantities());

}  // namespace tinyhil::metric
