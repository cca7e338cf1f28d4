// SPDX-License-Identifier: Apache-2.0
// B. Efron's bias-corrected and accelerated bootstrap interval ("Better bootstrap confidence intervals",
// Journal of the American Statistical Association 82 (1987) 171-185), for statistics without a formula of
// their own, such as macro-F1 or mean average precision. The caller resamples what is independent (vectors in
// pairs, or whole groups), with SeededRandom for one seed, one answer.
#pragma once

#include <optional>
#include <vector>

#include "model/scorecard.hpp"

namespace tinyhil::stats {

struct Bootstrap {
  double estimate = 0;             // the statistic of the data
  std::vector<double> replicates;  // [B] of resampled data, 9999 or so
  std::vector<double> jackknife;   // [n] of the data without the i-th unit
};

// Each bound alone holds with `confidence`. Replicates equal to the estimate count half as below it, as scipy
// does. Nothing with fewer than two units, or when the replicates lie all on one side of the estimate, as
// they do when nothing varied: an interval of no width would be certainty from any number of units.
std::optional<Interval> bca(Bootstrap bootstrap, double confidence);

}  // namespace tinyhil::stats
