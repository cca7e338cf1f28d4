// SPDX-License-Identifier: Apache-2.0
// What a linker's ELF file puts into a microcontroller. System V ABI, chapter 4 and 5; sizes bounded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tinyhil {

struct ArmElf {
  std::vector<std::uint8_t> flash;  // from the lowest physical address on, gaps as zero; at most 64 MiB
  std::uint64_t ram_size = 0;       // writable sections in memory, without .slots*
};

// 32-bit, little-endian, executable, for Arm.
bool is_arm_elf(std::span<const std::uint8_t> content);

// Needs is_arm_elf(). Throws Error(usage) at `where` when it is damaged or loads nothing.
ArmElf parse_arm_elf(std::span<const std::uint8_t> content, const std::string& where);

}  // namespace tinyhil
