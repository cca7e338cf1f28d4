// SPDX-License-Identifier: Apache-2.0
// What was seen of a Cortex-M that failed, and the file that keeps it: an ELF core of 32-bit Arm,
// little-endian, which debuggers open together with the firmware's ELF file. Example:
//
//   write_file("m4.core", elf_core(dump));
//   $ gdb-multiarch agent.elf m4.core -batch -ex bt
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace tinyhil {

struct MemoryPiece {
  std::uint32_t address = 0;
  std::vector<std::uint8_t> bytes;
};

struct CoreDump {
  // r0 to r12, sp, lr, pc, xPSR. Where a fault was caught they are those of the code that it interrupted.
  std::array<std::uint32_t, 17> registers{};
  std::vector<MemoryPiece> memory = {};  // the stack from sp on, bounded; the registers that tell of faults
  bool is_fault = false;                 // it was caught in a fault; else it did not answer
  std::string words = {};                // "undefined instruction; escalated to a HardFault"

  static constexpr std::size_t kSp = 13, kLr = 14, kPc = 15, kStatus = 16;
  std::uint32_t pc() const { return registers[kPc]; }
  std::uint32_t sp() const { return registers[kSp]; }
};

// The file: the registers as NT_PRSTATUS, then a loadable segment for each piece of memory.
std::vector<std::uint8_t> elf_core(const CoreDump& dump);

}  // namespace tinyhil
