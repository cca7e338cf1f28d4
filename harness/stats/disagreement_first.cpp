// SPDX-License-Identifier: Apache-2.0
#include "disagreement_first.hpp"

#include <algorithm>
#include <cassert>

#include "rates.hpp"

namespace tinyhil {

double lower_bound(const DisagreementFirst& counts, double confidence) {
  assert(counts.lost + counts.gained <= counts.predicted && counts.predicted <= counts.all);
  assert(counts.sampled <= counts.all - counts.predicted && counts.sampled_lost <= counts.sampled);
  if (counts.all == 0) return -1;
  const auto all = static_cast<double>(counts.all);
  const double seen = (static_cast<double>(counts.gained) - static_cast<double>(counts.lost)) / all;
  const std::uint64_t rest = counts.all - counts.predicted;
  // Once every one of the others was run, nothing is left to bound.
  const double share = rest == counts.sampled && rest > 0
                           ? static_cast<double>(counts.sampled_lost) / static_cast<double>(rest)
                           : rate_upper_bound(counts.sampled_lost, counts.sampled, confidence);
  return std::max(-1.0, seen - static_cast<double>(rest) / all * share);
}

}  // namespace tinyhil
