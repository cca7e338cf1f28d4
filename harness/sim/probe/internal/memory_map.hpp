// SPDX-License-Identifier: Apache-2.0
// Where a simulated microcontroller has something on its bus; everywhere else an access is a bus error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tinyhil::sim {

struct MemoryRange {
  std::uint32_t first, last;
};
using MemoryMap = std::vector<MemoryRange>;

// Of the boards that we emulate (bench/emulated_board.hpp), by the name of the machine.
MemoryMap memory_of(const std::string& machine);

inline bool contains(const MemoryMap& map, std::uint32_t address, std::size_t size) {
  for (const MemoryRange& range : map) {
    if (address >= range.first && address <= range.last && size <= std::uint64_t{range.last} - address + 1)
      return true;
  }
  return false;
}

}  // namespace tinyhil::sim
