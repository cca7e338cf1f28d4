// SPDX-License-Identifier: Apache-2.0
// Figures of the energy an inference beside its mean: by vector, and as MLPerf Tiny states it. Joules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stats/energy_budget.hpp"

namespace tinyhil::stats {

struct VectorEnergy {
  std::uint32_t vector = 0;
  std::uint64_t windows = 0;
  double energy = 0;  // the mean over them
};

// Ascending by vector. Windows that were not measured (energy_per_inference) are left out.
std::vector<VectorEnergy> energy_by_vector(std::span<const InferenceWindow> windows, Baseline baseline,
                                           double volt);

// Does what the input is change the energy?
struct EnergySpread {
  double low = 0;  // of the vectors
  double median = 0;
  double high = 0;
  double deviation = 0;  // standard, between vectors
};

std::optional<EnergySpread> spread_of(std::span<const VectorEnergy> vectors);  // nothing of none

// MLPerf Tiny v1.3, energy mode: the median over exactly five windows, each of at least ten seconds, of the
// gross energy divided by the inferences in it, nothing subtracted and without an interval. Its own runner
// measures the time of the whole loop; here each window has to be long enough.
struct MlperfEnergy {
  std::optional<double> energy;
  std::string obstacle;  // why there is none, one sentence
};

MlperfEnergy mlperf_tiny_energy(std::span<const InferenceWindow> windows, double volt);

}  // namespace tinyhil::stats
