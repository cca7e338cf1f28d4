// SPDX-License-Identifier: Apache-2.0
// The A/A control: the baseline against itself. A bench on which that differs is not to be trusted with a
// candidate either.
#pragma once

#include <optional>
#include <string>

#include "comparable.hpp"
#include "model/control_score.hpp"

namespace tinyhil::gate {

// How the second run's latencies lie against the first's.
struct ControlLatency {
  double shift_ticks = 0;   // Hodges-Lehmann, second - first
  std::uint64_t moved = 0;  // pairs whose ticks are not equal
  // Two-sided, Wilcoxon's signed ranks over those: exact up to 100, else by approximation. Where neighbours
  // hang together, their variance counts tau times (stats/blocks.hpp). Nothing: fewer than 10 pairs moved.
  std::optional<double> p;
};

// Nothing when no pair was timed.
std::optional<ControlLatency> control_latency(const ControlScore& score);

// Outcome::error when outputs are not the same, or when latencies differ at the 0.1 % level by a tick or
// more: one sound bench in a thousand is refused by chance.
std::optional<Obstacle> control_obstacle(const ControlScore& score);

// For the verdict: "A/A control: 64 vectors run twice by the baseline, outputs equal, latency shift 0 us".
std::string control_words(const std::optional<ControlScore>& score);

}  // namespace tinyhil::gate
