// SPDX-License-Identifier: Apache-2.0
// In which order a board runs the windows of its energy measurement (model/energy_plan.hpp). Models take
// turns over each vector, forward and backward, so that what drifts evenly cancels; the board rests before
// the first block, halfway and after the last. Pure.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "model/energy_window.hpp"

namespace tinyhil::campaign {

inline constexpr std::uint32_t kBlocksOfRecording = 40;  // what a meter that is lost costs at most

struct WindowStep {
  WindowKind kind = WindowKind::inference;
  std::uint32_t block = 0;  // of inferences: the vector's position in the order; of rests: the next block
  std::size_t model = 0;    // of inferences: which of the models
  bool operator==(const WindowStep&) const = default;
};

struct WindowsWanted {
  std::size_t models = 2;
  std::uint32_t blocks = 0;
  bool sleeps = true;
  std::set<std::uint32_t> done = {};  // blocks that are stored already
};

// Empty when all blocks are done.
std::vector<WindowStep> window_order(const WindowsWanted& wanted);

}  // namespace tinyhil::campaign
