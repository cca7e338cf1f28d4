// SPDX-License-Identifier: Apache-2.0
// Numbers in the byte order of a Cortex-M and of both probes' protocols.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace tinyhil::sim {

inline std::uint16_t load16(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
}

inline std::uint32_t load32(std::span<const std::uint8_t> bytes) {
  return load16(bytes) | static_cast<std::uint32_t>(load16(bytes.subspan(2))) << 16;
}

inline std::array<std::uint8_t, 4> bytes_of(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 24)};
}

}  // namespace tinyhil::sim
