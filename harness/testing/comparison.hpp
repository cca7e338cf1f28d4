// SPDX-License-Identifier: Apache-2.0
// For tests: how a comparison's parts are printed, and whether two comparisons say the same.
#pragma once

#include <gtest/gtest.h>

#include <ostream>

#include "model/comparison.hpp"

namespace tinyhil {

inline std::ostream& operator<<(std::ostream& out, const PairCounts& counts) {
  return out << counts.both_right << '/' << counts.lost << '/' << counts.gained << '/' << counts.both_wrong;
}
inline std::ostream& operator<<(std::ostream& out, const ValueCount& entry) {
  return out << entry.value << " x " << entry.count;
}

}  // namespace tinyhil

namespace tinyhil::test {

inline void expect_equal(const ClassScores& found, const ClassScores& wanted) {
  EXPECT_EQ(found.candidate, wanted.candidate);
  EXPECT_EQ(found.baseline, wanted.baseline);
  EXPECT_EQ(found.is_class, wanted.is_class);
}

inline void expect_equal(const Comparison& found, const Comparison& wanted, std::size_t classes) {
  EXPECT_EQ(found.all, wanted.all);
  EXPECT_EQ(found.slices, wanted.slices);
  EXPECT_EQ(found.by_label, wanted.by_label);
  EXPECT_EQ(found.drift.unlike, wanted.drift.unlike);
  EXPECT_EQ(found.drift.n, wanted.drift.n);
  EXPECT_EQ(found.drift.largest_step, wanted.drift.largest_step);
  EXPECT_EQ(found.drift.flipped, wanted.drift.flipped);
  EXPECT_EQ(found.drift.within_gap, wanted.drift.within_gap);
  EXPECT_EQ(found.latency.unlike, wanted.latency.unlike);
  EXPECT_EQ(found.latency.change, wanted.latency.change);
  EXPECT_EQ(found.latency.candidate, wanted.latency.candidate);
  EXPECT_EQ(found.latency.baseline, wanted.latency.baseline);
  if (wanted.drift.unlike.empty()) {
    EXPECT_EQ(found.largest_steps(), wanted.largest_steps());
  }
  for (std::size_t of = 0; of < classes; ++of) expect_equal(found.scores(of), wanted.scores(of));
}

}  // namespace tinyhil::test
