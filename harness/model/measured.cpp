// SPDX-License-Identifier: Apache-2.0
#include "measured.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>

namespace tinyhil {

std::uint32_t Measured::steps_at(double quantile) const {
  assert(!sorted.empty() && quantile >= 0 && quantile <= 1);
  // 0.07 * 100 is a little more than 7 in binary; the slack keeps it from becoming the 8th value.
  const double rank = std::ceil(quantile * static_cast<double>(sorted.size()) - 1e-9);
  const auto position = static_cast<std::size_t>(std::max(rank, 1.0));
  return sorted[std::min(position, sorted.size()) - 1];
}

double Measured::to_millionths(std::uint32_t steps) const {
  assert(steps_per_base > 0);
  return static_cast<double>(steps) * 1e6 / steps_per_base;
}

double Measured::in_unit(std::uint32_t steps) const {
  return to_millionths(steps) / (base_of(quantity.unit).factor * 1e6);
}

std::string Measured::suspicion() const {
  if (suspect == 0) return "";
  std::array<char, 120> text{};
  std::snprintf(text.data(), text.size(), "the clock says %.1f us, the second timer %.1f us, ratio %.3g",
                suspect_clock_us, suspect_timer_us,
                suspect_timer_us > 0 ? suspect_clock_us / suspect_timer_us : 0.0);
  return text.data();
}

}  // namespace tinyhil
