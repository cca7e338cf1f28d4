// SPDX-License-Identifier: Apache-2.0
// Firmware as a bootloader's drive takes it: UF2, github.com/microsoft/uf2.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/flash_segment.hpp"

namespace tinyhil {

bool is_uf2(std::span<const std::uint8_t> content);

// The blocks for main flash; files that ride along are left out, and what fills up the last page. Throws
// Error(usage) at `where`, naming the block, when one is damaged or missing, and for a file with the firmware
// of several chips.
std::vector<FlashSegment> parse_uf2(std::span<const std::uint8_t> content, const std::string& where);

}  // namespace tinyhil
