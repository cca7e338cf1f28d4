// SPDX-License-Identifier: Apache-2.0
// How far the sum of independent errors may be off: the shortest symmetric interval that holds it with a
// given probability. After JCGM 101:2008 the distributions themselves are added (on a grid), since k = 2 is
// wrong where one rectangular error dominates: +- a holds all of it, 0.95 a 95 % (k = 1.65). With normal
// errors alone it is z, with type A alone Student's t, as in JCGM 100:2008 annex G.
#pragma once

#include <vector>

namespace tinyhil::stats {

struct ErrorSum {
  double normal = 0;                  // standard uncertainty of all normal ones together
  double student = 0;                 // of what was estimated from few observations
  double degrees = 0;                 // of freedom of `student`; > 0 unless that is 0
  std::vector<double> half_widths{};  // of the rectangular ones
};

// Half the width of the interval. 0 < confidence < 1. The Student part is taken as a normal one that is as
// wide at this confidence. Relative error below 1 %.
double coverage_half_width(const ErrorSum& errors, double confidence);

}  // namespace tinyhil::stats
