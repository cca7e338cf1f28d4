// SPDX-License-Identifier: Apache-2.0
// Minimum, maximum and sum of a stretch of current, and their pyramid over a chunk.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace tinyhil::meter {

struct CurrentSummary {
  float low = std::numeric_limits<float>::infinity();
  float high = -std::numeric_limits<float>::infinity();
  float sum = 0;
};
static_assert(sizeof(CurrentSummary) == 12);

// `a` and `b` together.
inline CurrentSummary joined(CurrentSummary a, const CurrentSummary& b) {
  a.low = std::min(a.low, b.low);
  a.high = std::max(a.high, b.high);
  a.sum += b.sum;
  return a;
}
// Neither NaN nor infinity counts.
CurrentSummary summary_of(std::span<const float> current);
// One for each 16 neighbours, behind those that `level` has already; the last may be of fewer.
void summarize(std::span<const float> current, std::vector<CurrentSummary>& level);
void summarize(std::span<const CurrentSummary> finer, std::vector<CurrentSummary>& level);

// In double precision, neither of them; in an order of its own, so that it is the same wherever it is
// computed.
double sum_of(std::span<const float> current);

}  // namespace tinyhil::meter
