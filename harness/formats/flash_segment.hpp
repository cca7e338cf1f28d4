// SPDX-License-Identifier: Apache-2.0
// What a firmware file puts where. Every format that carries addresses becomes a list of these.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tinyhil {

struct FlashSegment {
  std::uint64_t address = 0;  // where the flash tool puts it: the load address, not where the program runs
  std::vector<std::uint8_t> bytes;

  std::uint64_t end() const { return address + bytes.size(); }
};

std::string hex_address(std::uint64_t address);  // "0x08000000", at least eight digits

inline constexpr std::uint64_t kFlashMax = 64u << 20;  // bytes of one firmware

// By address, neighbours joined, empty ones left out. Throws Error(usage) at `where` when two put bytes at
// one address, when they are more than kFlashMax bytes or none at all.
std::vector<FlashSegment> in_order(std::vector<FlashSegment> segments, const std::string& where);

}  // namespace tinyhil
