// SPDX-License-Identifier: Apache-2.0
// Firmware as lines of hexadecimal digits: Intel HEX (Intel, Hexadecimal Object File Format, 1988) and
// Motorola S-records. Both check every line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "flash_segment.hpp"

namespace tinyhil {

bool is_intel_hex(std::span<const std::uint8_t> content);
bool is_s_record(std::span<const std::uint8_t> content);

// Throw Error(usage) at `where`, naming the line, for a record that is damaged, of an unknown kind or after
// the end, and when the end is missing.
std::vector<FlashSegment> parse_intel_hex(std::span<const std::uint8_t> content, const std::string& where);
std::vector<FlashSegment> parse_s_record(std::span<const std::uint8_t> content, const std::string& where);

}  // namespace tinyhil
