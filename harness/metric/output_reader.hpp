// SPDX-License-Identifier: Apache-2.0
// From the outputs of a block to classes and drift. Two ways to the same: bytes, many vectors at a time, and
// any other form of output one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "model/comparison.hpp"
#include "pair_blocks.hpp"

namespace tinyhil {

inline constexpr std::uint16_t kNoClass = 0xFFFF;

class OutputReader {
 public:
  virtual ~OutputReader() = default;

  struct Classes {
    std::span<std::uint16_t> candidate, baseline;  // [block.size]; candidate: kNoClass where it has no answer
  };
  // Says the top classes, and takes note of how far the candidate's outputs are from the baseline's.
  virtual void read(const PairBlock& block, const Classes& classes) = 0;

  // largest_step and within_gap of all blocks read.
  virtual void drift_into(ScoreDrift& drift) const = 0;
};

// Of two trials with outputs like this one's: whole, int8 or uint8, of at most kMostBytes elements.
inline constexpr std::size_t kMostBytes = 64;
std::unique_ptr<OutputReader> byte_reader(const TrialInfo& info);
// Any two trials; without `steps` it looks at classes only.
std::unique_ptr<OutputReader> plain_reader(const TrialInfo& candidate, const TrialInfo& baseline, bool steps);

}  // namespace tinyhil
