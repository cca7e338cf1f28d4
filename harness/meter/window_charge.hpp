// SPDX-License-Identifier: Apache-2.0
// From a stretch of a recording to numbers that stats/energy_budget.hpp makes an energy of. Example:
//
//   const stats::MeasuredWindow measured = measured_window(trace, window, report.proven);
//   const stats::WindowShare share{&measured};
//   const stats::EnergyBudget energy = stats::energy_of({&share, 1}, supply_of(trace.start().identity));
#pragma once

#include <cstdint>
#include <span>

#include "meter/trace_reader.hpp"
#include "meter/window_alignment.hpp"
#include "stats/energy_budget.hpp"
#include "stats/layer_charge.hpp"

namespace tinyhil::meter {

stats::Supply supply_of(const MeterIdentity& identity);

// Charge, ranges, gaps and noise of a window that is not incomplete. A sample's range is the one in its word,
// or, where words have none, the smallest that is made for its current. The three samples after a change of
// range (words with a range only) count as off by what they differ from the fourth. `inferences`: how many
// equal periods the window has, 0 when it has none.
stats::MeasuredWindow measured_window(const TraceReader& trace, const AlignedWindow& window,
                                      std::uint64_t inferences);

struct LayerTicks {
  std::span<const std::uint32_t> ends;  // WindowReport::layer_ends
  double clock_hz = 0;
};

// Charge by layer. Of a window of more than 16 million samples, the inferences in its first 16 million.
stats::LayerCharges window_layers(const TraceReader& trace, const AlignedWindow& window,
                                  std::uint64_t inferences, const LayerTicks& layers);

}  // namespace tinyhil::meter
