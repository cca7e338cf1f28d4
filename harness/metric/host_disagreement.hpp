// SPDX-License-Identifier: Apache-2.0
// On which vectors models will differ, by what the host computed for them beforehand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/vector_set.hpp"

namespace tinyhil::metric {

// Ordinals, ascending, of the vectors on which any two of these golden outputs have different top classes, or
// one has no top class (not a number). `goldens`: names of arrays, all in the set.
std::vector<std::uint32_t> host_disagreements(const VectorSet& vectors,
                                              const std::vector<std::string>& goldens);

}  // namespace tinyhil::metric
