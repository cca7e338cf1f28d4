// SPDX-License-Identifier: Apache-2.0
// By how many ticks the candidate's latency moved, by what the board's latencies are like.
#pragma once

#include <cstdint>
#include <optional>

#include "gate.hpp"

namespace tinyhil {

enum class LatencyKind {
  deterministic,  // one number each: they are compared as integers
  repeatable,     // each vector has its own, every time: paired by vector, only vectors are sampled
  noisy,          // paired by vector, the warm-up cut, means of blocks
};

struct LatencyChange {
  LatencyKind kind = LatencyKind::noisy;
  std::uint64_t unknown = 0;  // vectors without a timing on both sides
  double median = 0;          // of the baseline, in ticks; 0 when nothing was timed
  double estimate = 0;        // ticks
  std::optional<Interval>
      interval;         // each bound alone at the confidence asked for; none: not needed, or unknown
  bool settled = true;  // false: noisy, and not steady or too short to cut into blocks
};

// A vector without a timing may have taken any time: for the upper bound it is taken to have become far
// slower, for the lower one far faster. So a clock that rolled over, or a failed inference, never helps nor
// harms.
LatencyChange latency_change(const Evidence& evidence, double confidence);

}  // namespace tinyhil
