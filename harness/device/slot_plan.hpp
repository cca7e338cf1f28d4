// SPDX-License-Identifier: Apache-2.0
// How a vector set is laid into the slots of a device: blocks of consecutive vectors, and waves of blocks
// that fit at the same time.
#pragma once

#include <vector>

#include "device.hpp"

namespace tinyhil::device {

// Throws Error(usage) when not even one vector fits a slot. Of several encodings the blocks of the same
// vectors stand side by side in a wave, forwards and backwards in turn (A B, B A), so that a drift falls on
// all of them; a device with fewer slots than encodings gets waves of one encoding each, in such an order.
std::vector<Wave> plan_slots(const EncodedVectors& vectors, const SlotSpace& slots);

}  // namespace tinyhil::device
