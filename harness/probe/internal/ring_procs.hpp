// SPDX-License-Identifier: Apache-2.0
// What runs inside OpenOCD to move bytes: one call writes what is to be written and reads what has come.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/fault.hpp"
#include "rtt_block.hpp"

namespace tinyhil::probe {

// Defines `thil_exchange` once.
extern const char* const kRingProcs;

// The call that pushes `bytes`, as much as there is room for, and pulls at most 8 KiB. Nothing is pushed when
// the block is not as it was when `known` was read.
struct RingCall {
  std::string command;
  std::size_t pushes = 0;  // bytes
};
RingCall ring_call(std::uint32_t address, const RttBlock& known, std::span<const std::uint8_t> bytes);

struct RingAnswer {
  bool is_there = false;  // the block; when not, the device is just building it
  bool is_pushed = false;
  RttBlock block;                   // as it is now
  std::vector<std::uint8_t> bytes;  // that have come
};
// Fault corrupt when it is no answer to that call.
Result<RingAnswer> ring_answer(const std::string& text);

}  // namespace tinyhil::probe
