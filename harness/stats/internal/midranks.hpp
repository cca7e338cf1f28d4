// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace tinyhil::stats {

// [n] the rank of each value, from 1; equal values share the mean of their ranks. Needs numbers, no NaN.
std::vector<double> midranks(const std::vector<double>& values);

}  // namespace tinyhil::stats
