// SPDX-License-Identifier: Apache-2.0
#include "memory_map.hpp"

namespace tinyhil::sim {

// Arm DAI0385, 0386 and 0500, chapter 3: code and data memory, 16 MB of PSRAM, peripherals, and the core's
// own.
MemoryMap memory_of(const std::string& machine) {
  const std::uint32_t psram = machine == "mps2-an500" ? 0x60000000 : 0x21000000;
  return {{0x00000000, 0x007FFFFF},
          {0x20000000, 0x207FFFFF},
          {psram, psram + 0x00FFFFFF},
          {0x40000000, 0x402FFFFF},
          {0xE0000000, 0xE00FFFFF}};
}

}  // namespace tinyhil::sim
