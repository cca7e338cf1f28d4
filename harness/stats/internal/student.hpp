// SPDX-License-Identifier: Apache-2.0
// Student's t distribution.
#pragma once

namespace tinyhil::stats {

double student_quantile(double p, double degrees);  // 0 < p < 1, degrees > 0
double student_p_two_sided(double t, double degrees);

}  // namespace tinyhil::stats
