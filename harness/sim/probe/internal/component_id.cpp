// SPDX-License-Identifier: Apache-2.0
#include "component_id.hpp"

#include <array>

namespace tinyhil::sim {

namespace {

constexpr std::uint32_t kFirstId = 0xFD0;
constexpr std::uint32_t kMemoryType = 0xFCC;  // system memory is seen on this bus

}  // namespace

std::uint32_t component_id(ComponentId id, std::uint32_t offset) {
  if (offset < kFirstId || offset > 0xFFC) return 0;
  const std::uint32_t part_low = id.part & 0xFFU;
  const std::uint32_t part_high = 0xB0U | id.part >> 8;  // and Arm's number, 0x3B, in two halves
  const std::array<std::uint32_t, 12> bytes{4,        0,         0,    0,  // PIDR4 to 7
                                            part_low, part_high, 0x0B, 0,  // PIDR0 to 3
                                            0x0D,     id.kind,   0x05, 0xB1};
  return bytes[(offset - kFirstId) / 4];
}

std::uint32_t rom_table(std::uint32_t offset) {
  constexpr std::array<std::uint32_t, 3> kEntries{0xFFF0F003, 0xFFF02003, 0xFFF03003};  // SCS, DWT, FPB
  if (offset / 4 < kEntries.size()) return kEntries[offset / 4];
  if (offset == kMemoryType) return 1;
  return component_id(kRomTableId, offset);
}

}  // namespace tinyhil::sim
