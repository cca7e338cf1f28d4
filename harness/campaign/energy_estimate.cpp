// SPDX-License-Identifier: Apache-2.0
#include "energy_estimate.hpp"

#include <algorithm>
#include <cmath>

#include "internal/window_order.hpp"

namespace tinyhil::campaign {
namespace {

double seconds_of(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

double window_s(const EnergyPlan& plan, double inference_s) {
  const double least = seconds_of(plan.window);
  return inference_s > 0 ? std::ceil(least / inference_s) * inference_s : least;
}

}  // namespace

EnergyEstimate estimate_energy(const EnergyPlan& plan, std::uint64_t vectors,
                               std::span<const double> inference_s) {
  EnergyEstimate made;
  made.blocks = std::min<std::uint64_t>(plan.vectors, vectors);
  made.is_lower_bound = std::ranges::any_of(inference_s, [](double seconds) { return seconds <= 0; });
  for (std::uint64_t done = 0; done < made.blocks; done += kBlocksOfRecording) {
    const auto blocks =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(kBlocksOfRecording, made.blocks - done));
    for (const WindowStep& step : window_order({inference_s.size(), blocks, plan.sleep.count() > 0})) {
      made.seconds += 2 * seconds_of(plan.rest);
      switch (step.kind) {
        case WindowKind::inference:
          ++made.inference_windows;
          made.seconds += window_s(plan, inference_s[step.model]);
          break;
        case WindowKind::idle:
          ++made.idle_windows;
          made.seconds += seconds_of(plan.idle);
          break;
        case WindowKind::sleep:
          ++made.sleep_windows;
          made.seconds += seconds_of(plan.sleep);
          break;
      }
    }
  }
  return made;
}

}  // namespace tinyhil::campaign
