// SPDX-License-Identifier: Apache-2.0
#include "energy_summary.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "internal/window_shares.hpp"
#include "median.hpp"

namespace tinyhil::stats {
namespace {

constexpr std::size_t kMlperfWindows = 5;
constexpr double kMlperfWindowS = 10;

std::string mlperf_obstacle(std::span<const InferenceWindow> windows) {
  if (windows.size() != kMlperfWindows)
    return "MLPerf Tiny asks for exactly five windows; there are " + std::to_string(windows.size());
  for (const InferenceWindow& window : windows) {
    if (window.proven == 0) return "one of the five windows has no proven inference";
    if (window.window.length_s < kMlperfWindowS) return "one of the five windows is shorter than ten seconds";
    if (window.window.missing_s > 0) return "samples are missing in one of the five windows";
  }
  return "";
}

}  // namespace

std::vector<VectorEnergy> energy_by_vector(std::span<const InferenceWindow> windows, Baseline baseline,
                                           double volt) {
  std::map<std::uint32_t, VectorEnergy> by_vector;
  for (const InferenceWindow& window : windows) {
    if (!measured(window, baseline)) continue;
    VectorEnergy& energy = by_vector[window.vector];
    energy.vector = window.vector;
    ++energy.windows;
    energy.energy += volt * charges_per_inference({&window, 1}, baseline).front();
  }
  std::vector<VectorEnergy> result;
  for (auto& [vector, energy] : by_vector) {
    energy.energy /= static_cast<double>(energy.windows);
    result.push_back(energy);
  }
  return result;
}

std::optional<EnergySpread> spread_of(std::span<const VectorEnergy> vectors) {
  if (vectors.empty()) return std::nullopt;
  std::vector<double> energies;
  double mean = 0, squares = 0;
  for (const VectorEnergy& vector : vectors) {
    energies.push_back(vector.energy);
    mean += vector.energy / static_cast<double>(vectors.size());
  }
  for (const double energy : energies) squares += (energy - mean) * (energy - mean);
  const auto [low, high] = std::minmax_element(energies.begin(), energies.end());
  EnergySpread spread{.low = *low, .median = median_of(energies), .high = *high};
  if (energies.size() > 1) spread.deviation = std::sqrt(squares / static_cast<double>(energies.size() - 1));
  return spread;
}

MlperfEnergy mlperf_tiny_energy(std::span<const InferenceWindow> windows, double volt) {
  std::string obstacle = mlperf_obstacle(windows);
  if (!obstacle.empty()) return {std::nullopt, std::move(obstacle)};
  std::vector<double> energies = charges_per_inference(windows, Baseline::none);
  for (double& energy : energies) energy *= volt;
  return {median_of(std::move(energies)), ""};
}

}  // namespace tinyhil::stats
