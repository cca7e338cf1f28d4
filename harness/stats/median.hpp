// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace tinyhil::stats {

double median_of(std::vector<double> values);  // mean of the two in the middle; needs one

}  // namespace tinyhil::stats
