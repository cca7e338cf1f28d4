// SPDX-License-Identifier: Apache-2.0
// By how many steps a quantity of the candidate moved, by what its values are like.
#pragma once

#include <cstdint>
#include <optional>

#include "gate/gate.hpp"

namespace tinyhil::gate {

enum class ChangeKind {
  deterministic,  // one number each: they are compared as integers
  repeatable,     // each vector has its own, every time: paired by vector, only vectors are sampled
  noisy,          // paired by vector, the warm-up cut, means of blocks
};

struct QuantityChange {
  ChangeKind kind = ChangeKind::noisy;
  std::uint64_t unknown = 0;  // vectors without a timing on both sides
  double median = 0;          // of the baseline, in ticks; 0 when nothing was timed
  double estimate = 0;        // ticks
  // Each bound alone at the confidence asked for; none when it is not needed, or unknown.
  std::optional<Interval> interval;
  bool few_groups = false;  // too few for an interval
  bool settled = true;      // false: noisy, and not steady or too short to cut into blocks
};

// A vector without a timing may have taken any time: for the upper bound it is taken to have become far
// slower, for the lower one far faster. So a clock that rolled over, or a failed inference, never helps nor
// harms.
//
// Where vectors come in groups, and `ignore_groups` does not say that their changes are independent, each
// group counts once, by the mean of its changes; of noisy latencies the wider interval, of blocks or groups.
QuantityChange quantity_change(const Evidence& evidence, const Quantity& quantity, double confidence,
                               bool ignore_groups = false);

}  // namespace tinyhil::gate
