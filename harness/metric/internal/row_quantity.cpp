// SPDX-License-Identifier: Apache-2.0
#include "row_quantity.hpp"

#include "alike.hpp"
#include "model/inference_rows.hpp"

namespace tinyhil::metric {

#define TINYHIL_DRIVER(name) const RowQuantity& name##_of_rows();
#include "drivers.inc"
#undef TINYHIL_DRIVER

const RowQuantities& further_quantities() {
#define TINYHIL_DRIVER(name) name##_of_rows(),
  static const RowQuantities all = {
#include "drivers.inc"
  };
#undef TINYHIL_DRIVER
  return all;
}

const RowQuantity& latency_of_rows() {
  static const RowQuantity latency{
      kLatency, [](const TrialInfo& info) { return info.board.clock_hz; },
      [](const InferenceRows& rows, std::size_t row) { return std::optional(rows.clock[row]); },
      &unlike_ticks};
  return latency;
}

}  // namespace tinyhil::metric
