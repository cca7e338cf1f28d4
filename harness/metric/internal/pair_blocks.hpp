// SPDX-License-Identifier: Apache-2.0
// Two trials as blocks of vectors, the answers of both lying side by side in columns. Where each vector has
// one good row, as in most trials, a block points into the trials' own columns; elsewhere the answers are
// gathered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "model/trial.hpp"

namespace tinyhil::metric {

// Vectors that the baseline answered, and the candidate all or none of them.
struct PairBlock {
  std::size_t size = 0;
  std::uint32_t first = 0;                            // vector; the others follow it one by one, unless
  std::span<const std::uint32_t> vectors;             // they are named here: [size] or empty
  std::span<const std::uint8_t> candidate, baseline;  // [size * bytes], candidate: or empty
  std::span<const std::uint32_t> candidate_ticks, baseline_ticks;  // of the vectors timed on both sides
};

inline constexpr std::size_t kBlockVectors = 1024;  // at most in a block: its columns stay in the cache

// Visits every vector below `vectors` that the baseline answered once. Both trials' rows are ordered by
// vector and repeat, and none is of another vector (asserted). Which row is an answer: model/comparison.hpp.
void for_each_block(const Trial& candidate, const Trial& baseline, std::size_t vectors,
                    const std::function<void(const PairBlock&)>& visit);

}  // namespace tinyhil::metric
