// SPDX-License-Identifier: Apache-2.0
#include "scorecard.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tinyhil {

std::uint32_t Latency::ticks_at(double quantile) const {
  assert(!sorted.empty() && quantile >= 0 && quantile <= 1);
  // 0.07 * 100 is a little more than 7 in binary; the slack keeps it from becoming the 8th value.
  const double rank = std::ceil(quantile * static_cast<double>(sorted.size()) - 1e-9);
  const auto position = static_cast<std::size_t>(std::max(rank, 1.0));
  return sorted[std::min(position, sorted.size()) - 1];
}

double Latency::to_us(std::uint32_t ticks) const {
  assert(clock_hz > 0);
  return static_cast<double>(ticks) * 1e6 / clock_hz;
}

std::uint64_t GoldenScore::beyond(std::int32_t lsb) const {
  assert(lsb >= 0 && lsb <= kLsbMax);
  std::uint64_t count = 0;
  for (std::size_t k = static_cast<std::size_t>(lsb) + 1; k < by_lsb.size(); ++k) count += by_lsb[k];
  return count;
}

}  // namespace tinyhil
