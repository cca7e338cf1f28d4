// SPDX-License-Identifier: Apache-2.0
// The standard normal distribution.
#pragma once

namespace tinyhil::stats {

double normal_cdf(double z);
double normal_quantile(double p);  // 0 < p < 1

}  // namespace tinyhil::stats
