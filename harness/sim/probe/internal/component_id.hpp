// SPDX-License-Identifier: Apache-2.0
// How CoreSight components say what they are (IHI0029E, B2): eight bytes of part, four of class.
#pragma once

#include <cstdint>

namespace tinyhil::sim {

struct ComponentId {
  std::uint16_t part;        // of Arm
  std::uint8_t kind = 0xE0;  // 0xE0 a generic component, 0x10 a ROM table
};

inline constexpr ComponentId kRomTableId{0x4C4, 0x10};
inline constexpr ComponentId kSystemControlId{0x00C};
inline constexpr ComponentId kWatchpointUnitId{0x002};
inline constexpr ComponentId kBreakpointUnitId{0x003};

// The register at `offset` of the component's 4 KB; zero below its identification.
std::uint32_t component_id(ComponentId id, std::uint32_t offset);

// The ROM table of a Cortex-M at 0xE00FF000.
inline constexpr std::uint32_t kRomTable = 0xE00FF000;
std::uint32_t rom_table(std::uint32_t offset);

}  // namespace tinyhil::sim
