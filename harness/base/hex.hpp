// SPDX-License-Identifier: Apache-2.0
// Bytes as hexadecimal digits, and numbers as people and tools write them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil {

std::string to_hex(std::span<const std::uint8_t> bytes);  // "01ab"
// Nothing when it is no even number of hexadecimal digits.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits);

std::string hexadecimal(std::uint64_t number);  // "0x2000abcd"
// "0x20000000" or "512"; nothing for anything else.
std::optional<std::uint64_t> parse_address(std::string_view text);

}  // namespace tinyhil
