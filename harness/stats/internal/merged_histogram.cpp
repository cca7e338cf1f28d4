// SPDX-License-Identifier: Apache-2.0
#include "merged_histogram.hpp"

namespace tinyhil::stats {

std::uint64_t total(const Histogram& histogram) {
  std::uint64_t n = 0;
  for (const ValueCount& entry : histogram) n += entry.count;
  return n;
}

std::vector<MergedBin> merged_histogram(const Histogram& baseline, const Histogram& candidate) {
  std::vector<MergedBin> merged;
  merged.reserve(baseline.size() + candidate.size());
  auto b = baseline.begin(), c = candidate.begin();
  while (b != baseline.end() || c != candidate.end()) {
    const bool take_b = c == candidate.end() || (b != baseline.end() && b->value <= c->value);
    const bool take_c = b == baseline.end() || (c != candidate.end() && c->value <= b->value);
    MergedBin bin{take_b ? b->value : c->value};
    if (take_b) bin.baseline = (b++)->count;
    if (take_c) bin.candidate = (c++)->count;
    merged.push_back(bin);
  }
  return merged;
}

}  // namespace tinyhil::stats
