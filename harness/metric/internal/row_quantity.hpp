// SPDX-License-Identifier: Apache-2.0
// Quantities and how they are read from rows. Latency is the first. A meter's is one more file here, which
// defines `const RowQuantity& <name>_of_rows()`, and its name in tinyhil_drivers(metric ...) of
// CMakeLists.txt.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/inference_rows.hpp"
#include "model/measured.hpp"
#include "model/trial.hpp"

namespace tinyhil::metric {

struct RowQuantity {
  Quantity quantity;
  std::uint32_t (*steps_per_base)(const TrialInfo&);  // 0: such a trial does not measure it
  // Of a row whose measurement is to be trusted (RowStatus::ok); nothing: it is not known.
  std::optional<std::uint32_t> (*steps)(const InferenceRows& rows, std::size_t row);
  // Why a step of the one trial is not a step of the other; empty when they can be subtracted.
  std::string (*unlike)(const TrialInfo& candidate, const TrialInfo& baseline);
};
using RowQuantities = std::vector<RowQuantity>;

const RowQuantity& latency_of_rows();
const RowQuantities& further_quantities();  // all others

}  // namespace tinyhil::metric
