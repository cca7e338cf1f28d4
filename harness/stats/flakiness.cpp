// SPDX-License-Identifier: Apache-2.0
#include "flakiness.hpp"

#include <cassert>
#include <cmath>

#include "rates.hpp"

namespace tinyhil::stats {

double pass_all_of(std::uint64_t successes, std::uint64_t runs, std::uint64_t k) {
  assert(successes <= runs && k <= runs);
  if (successes < k) return 0;
  double share = 1;
  for (std::uint64_t i = 0; i < k; ++i) {
    share *= static_cast<double>(successes - i) / static_cast<double>(runs - i);
  }
  return share;
}

double pass_all_of_lower_bound(std::uint64_t successes, std::uint64_t runs, std::uint64_t k,
                               double confidence) {
  return std::pow(rate_lower_bound(successes, runs, confidence), static_cast<double>(k));
}

}  // namespace tinyhil::stats
