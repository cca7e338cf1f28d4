// SPDX-License-Identifier: Apache-2.0
// How far two distributions of integers are apart. Both ignore which values belong together; where there are
// pairs, look at their differences.
#pragma once

#include <cstdint>

#include "model/comparison.hpp"

namespace tinyhil::stats {

struct DistributionDistance {
  double kolmogorov = 0;   // D: the largest distance of the distribution functions, 0 .. 1
  double wasserstein = 0;  // W1: the area between them, in the unit of the values
};

// Needs an observation on each side.
DistributionDistance distribution_distance(const Histogram& baseline, const Histogram& candidate);

// P(D >= d) of n and m observations of one continuous distribution, two-sided: exact by counting paths
// (A. N. Kolmogorov and N. V. Smirnov, as R's psmirnov) up to n m = 10^6, else the limit distribution. With
// ties it is too large.
double kolmogorov_p(double d, std::uint64_t n, std::uint64_t m);

}  // namespace tinyhil::stats
