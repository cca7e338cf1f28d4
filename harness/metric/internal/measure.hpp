// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metric/rows.hpp"
#include "model/scorecard.hpp"
#include "row_quantity.hpp"

namespace tinyhil::metric {

// Steps, Measured::steps_per_base in one base unit, of the rows whose measurement can be trusted; nothing
// where the trial does not measure the quantity, nor in throughput mode, where bytes are moved meanwhile.
Measured measure(const Rows& rows, const TrialInfo& info, const RowQuantity& of);

}  // namespace tinyhil::metric
