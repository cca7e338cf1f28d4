// SPDX-License-Identifier: Apache-2.0
// What kind of numbers the latencies of one board and model are, which decides how two versions are compared.
#pragma once

#include <cstdint>
#include <span>

namespace tinyhil::stats {

enum class LatencyClass {
  deterministic,  // one value, or few that return in a fixed cycle: compare integers, a change of 1 tick is
                  // real
  repeatable,     // each vector has its own value, every time: pair by vector, only vectors are sampled
  noisy,          // cut the warm-up, compare means of blocks
};

struct TimedVector {
  std::uint32_t vector = 0;
  std::uint32_t ticks = 0;
};

// In the order measured. Repeatable needs every vector at least twice, as one look at each cannot tell the
// vector from chance; what is unknown is noisy. A cycle has at most 4 values and 8 steps, and is seen 10
// times or more. Without observations: noisy.
LatencyClass latency_class(std::span<const TimedVector> series);

}  // namespace tinyhil::stats
