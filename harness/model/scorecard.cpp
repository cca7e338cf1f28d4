// SPDX-License-Identifier: Apache-2.0
#include "scorecard.hpp"

#include <cassert>

namespace tinyhil {

std::vector<const Measured*> all_measured(const Scorecard& card) {
  std::vector<const Measured*> all{&card.latency};
  for (const Measured& each : card.further) all.push_back(&each);
  return all;
}

const Measured& measured(const Scorecard& card, const Quantity& quantity) {
  static const Measured kNothing;
  for (const Measured* each : all_measured(card)) {
    if (each->quantity.name == quantity.name) return *each;
  }
  return kNothing;
}

std::uint64_t GoldenScore::beyond(std::int32_t lsb) const {
  assert(lsb >= 0 && lsb <= kLsbMax);
  std::uint64_t count = 0;
  for (std::size_t k = static_cast<std::size_t>(lsb) + 1; k < by_lsb.size(); ++k) count += by_lsb[k];
  return count;
}

std::optional<GoldenMismatch> GoldenScore::first_beyond(std::int32_t lsb) const {
  assert(lsb >= 0 && lsb <= kLsbMax);
  std::optional<GoldenMismatch> earliest;
  for (std::size_t k = static_cast<std::size_t>(lsb) + 1; k < first_by_lsb.size(); ++k) {
    const std::optional<GoldenMismatch>& each = first_by_lsb[k];
    if (each && (!earliest || each->vector < earliest->vector)) earliest = each;
  }
  return earliest;
}

}  // namespace tinyhil
