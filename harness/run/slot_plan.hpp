// SPDX-License-Identifier: Apache-2.0
// How a vector set is laid into the slots of a device: blocks of consecutive vectors, and waves of blocks
// that fit at the same time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "link/agent_link.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {

struct VectorBlock {
  std::uint32_t first = 0;  // ordinal in the vector set
  std::uint16_t count = 0;
  std::span<const std::uint8_t> content;  // of the vector set, which must outlive the plan
  Digest digest;
};

using Wave = std::vector<VectorBlock>;  // block i goes into slot i

// Throws Error(usage) when not even one vector fits a slot.
std::vector<Wave> plan_slots(const VectorSet& vectors, const SlotSpace& slots);

}  // namespace tinyhil
