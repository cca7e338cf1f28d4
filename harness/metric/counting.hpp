// SPDX-License-Identifier: Apache-2.0
// Histograms by counting: a table from the smallest to the largest value seen, which is what makes quantiles
// and ranks of ten million ticks exact in one pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/comparison.hpp"

namespace tinyhil {

Histogram histogram_of(std::vector<std::int64_t> values);

class CountingHistogram {
 public:
  // Of at most `expected` values. The table is bounded by that: values too far apart for it are kept and
  // sorted.
  explicit CountingHistogram(std::size_t expected);

  void add(std::span<const std::uint32_t> values);
  // candidate[i] - baseline[i]
  void add_differences(std::span<const std::uint32_t> candidate, std::span<const std::uint32_t> baseline);

  Histogram histogram() const;

 private:
  bool cover(std::int64_t low, std::int64_t high);  // makes the table hold both; false: it would be too large

  std::size_t most_;                  // entries of the table
  std::int64_t first_ = 0;            // value of the table's first entry
  std::vector<std::uint32_t> table_;  // two counts a value, so that equal neighbours need not wait
  std::vector<std::int64_t> far_;
};

}  // namespace tinyhil
