// SPDX-License-Identifier: Apache-2.0
// From the outputs of a block to classes and drift. Where the largest element is the class, two ways to the
// same: bytes, many vectors at a time, and any other form of output one by one. Other tasks score each
// output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "model/comparison.hpp"
#include "model/vector_set.hpp"
#include "pair_blocks.hpp"

namespace tinyhil::metric {

inline constexpr std::uint16_t kNoClass = 0xFFFF;
// In place of the class where the task has none.
inline constexpr std::uint16_t kWrongCode = 0, kRightCode = 1, kCodes = 2;

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
// Any two trials whose largest element is the class; without `steps` it looks at classes only.
std::unique_ptr<OutputReader> plain_reader(const TrialInfo& candidate, const TrialInfo& baseline, bool steps);
// Any two trials; drift has no within_gap, for there are no top two elements.
std::unique_ptr<OutputReader> scored_reader(const Trial& candidate, const Trial& baseline,
                                            const VectorSet& vectors, bool steps);

}  // namespace tinyhil::metric
