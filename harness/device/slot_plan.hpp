// SPDX-License-Identifier: Apache-2.0
// How a vector set is laid into the slots of a device: blocks of consecutive vectors, and waves of blocks
// that fit at the same time.
#pragma once

#include <vector>

#include "device.hpp"

namespace tinyhil::device {

// Throws Error(usage) when not even one vector fits a slot.
std::vector<Wave> plan_slots(const VectorSet& vectors, const SlotSpace& slots);

}  // namespace tinyhil::device
