// SPDX-License-Identifier: Apache-2.0
// For tests and probes: the histogram of a list of integers.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "model/comparison.hpp"

namespace tinyhil::stats {

inline Histogram histogram_of(const std::vector<std::int64_t>& values) {
  std::map<std::int64_t, std::uint64_t> counts;
  for (const std::int64_t value : values) ++counts[value];
  Histogram histogram;
  for (const auto& [value, count] : counts) histogram.push_back({value, count});
  return histogram;
}

}  // namespace tinyhil::stats
