// SPDX-License-Identifier: Apache-2.0
#include "rates.hpp"

#include <cassert>
#include <cmath>

#include "intervals.hpp"

namespace tinyhil::stats {

double rate_upper_bound(std::uint64_t events, std::uint64_t n, double confidence) {
  return clopper_pearson(events, n, 2 * confidence - 1).high;
}

double rate_lower_bound(std::uint64_t events, std::uint64_t n, double confidence) {
  return clopper_pearson(events, n, 2 * confidence - 1).low;
}

std::uint64_t fewest_without_event(double rate, double confidence) {
  assert(rate > 0 && rate < 1 && confidence > 0 && confidence < 1);
  return static_cast<std::uint64_t>(std::ceil(std::log1p(-confidence) / std::log1p(-rate)));
}

}  // namespace tinyhil::stats
