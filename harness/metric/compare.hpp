// SPDX-License-Identifier: Apache-2.0
// Two trials -> Comparison. Pure: no file, no clock, no randomness.
#pragma once

#include "metric/internal/row_quantity.hpp"
#include "model/comparison.hpp"
#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::metric {

// Both trials must be of these vectors (asserted); a trial without rows answered nothing. Throws as score()
// does when the task cannot score a model's outputs, or when the stored outputs do not fit it. The
// comparison's `scores` reads from all three arguments, which are lent to it.
Comparison compare(const Trial& candidate, const Trial& baseline, const VectorSet& vectors);

// With these quantities instead of further_quantities() beside latency.
Comparison compare_with(const Trial& candidate, const Trial& baseline, const VectorSet& vectors,
                        const RowQuantities& further);

}  // namespace tinyhil::metric
