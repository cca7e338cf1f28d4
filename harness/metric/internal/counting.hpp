// SPDX-License-Identifier: Apache-2.0
// Histograms by counting: a table from the smallest to the largest value seen, which is what makes quantiles
// and ranks of ten million ticks exact in one pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/comparison.hpp"

namespace tinyhil::metric {

Histogram histogram_of(std::vector<std::int64_t> values);

// Values with the range they lie in.
struct Values {
  explicit Values(std::span<const std::uint32_t> values);

  std::span<const std::uint32_t> all;
  std::uint32_t low = 0, high = 0;
};

class CountingHistogram {
 public:
  // Of at most `expected` values. The table is bounded by that: values too far apart for it are kept and
  // sorted.
  explicit CountingHistogram(std::size_t expected);

  void add(const Values& values);
  void add_differences(const Values& candidate, const Values& baseline);  // candidate[i] - baseline[i]

  Histogram histogram() const;

 private:
  bool cover(std::int64_t low, std::int64_t high);  // makes the table hold both; false: it would be too large

  std::size_t most_;        // entries of the table
  std::int64_t first_ = 0;  // value of the table's first entry
  std::vector<std::uint32_t> table_;
  std::vector<std::int64_t> far_;
};

}  // namespace tinyhil::metric
