// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace tinyhil::stats {

// S. Holm's adjusted p-values (1979), in the order given: rejecting those below alpha keeps the chance of
// even one false rejection below alpha.
std::vector<double> holm(const std::vector<double>& p);

}  // namespace tinyhil::stats
