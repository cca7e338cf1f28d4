// SPDX-License-Identifier: Apache-2.0
// What has to be known of a rule to say, before any board is touched, how many vectors it will take.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tinyhil::gate {

struct Demand {
  std::optional<double> margin{};         // paired accuracy that must not be lost
  std::vector<std::string> over{};        // ... on each value of these slices; empty: over all vectors
  std::uint64_t min_n = 0;                // ... of at least so many vectors
  std::optional<double> quantile{};       // of a latency, to be bounded by a rank
  bool of_two_sides = false;              // ... the candidate's and the baseline's, each with half of alpha
  std::optional<double> energy_margin{};  // of an inference, beside the baseline's
  bool net_energy = false;                // ... beyond waiting
};

}  // namespace tinyhil::gate
