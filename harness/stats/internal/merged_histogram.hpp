// SPDX-License-Identifier: Apache-2.0
// Two histograms side by side, for what compares distributions by counting.
#pragma once

#include <cstdint>
#include <vector>

#include "model/comparison.hpp"

namespace tinyhil::stats {

struct MergedBin {
  std::int64_t value = 0;
  std::uint64_t baseline = 0;   // observations of exactly this value
  std::uint64_t candidate = 0;  // one of the two is not 0
};

std::uint64_t total(const Histogram& histogram);
std::vector<MergedBin> merged_histogram(const Histogram& baseline, const Histogram& candidate);  // ascending

}  // namespace tinyhil::stats
