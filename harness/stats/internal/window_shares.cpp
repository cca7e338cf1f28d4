// SPDX-License-Identifier: Apache-2.0
#include "window_shares.hpp"

namespace tinyhil::stats {

bool measured(const InferenceWindow& window, Baseline baseline) {
  return window.proven > 0 && coverage(window.window) > 0 &&
         (baseline == Baseline::none || coverage(window.idle) > 0);
}

void add_shares(std::vector<WindowShare>& shares, const InferenceWindow& window, Baseline baseline,
                double weight) {
  const double factor = weight / static_cast<double>(window.proven);
  shares.push_back({&window.window, factor});
  if (baseline == Baseline::idle)
    shares.push_back({&window.idle, -factor * window.window.length_s / window.idle.length_s});
}

std::vector<double> charges_per_inference(std::span<const InferenceWindow> windows, Baseline baseline) {
  std::vector<double> charges;
  charges.reserve(windows.size());
  for (const InferenceWindow& window : windows) {
    const double idle_a = baseline == Baseline::idle ? mean_a(window.idle) : 0;
    const double charge = charge_c(window.window) - idle_a * window.window.length_s;
    charges.push_back(charge / static_cast<double>(window.proven));
  }
  return charges;
}

}  // namespace tinyhil::stats
