// SPDX-License-Identifier: Apache-2.0
// The six bytes of a sample in session.raw of a .ppk2.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace tinyhil::meter {

constexpr std::size_t kFrameBytes = 6;

// Two bits a line, line 0 the lowest: 01 is low, 10 is high.
inline void put_frame(std::span<std::uint8_t, kFrameBytes> frame, float current_a, std::uint8_t lines) {
  const float microamperes = current_a * 1e6F;
  std::memcpy(frame.data(), &microamperes, 4);
  std::uint16_t bits = 0;
  for (unsigned line = 0; line < 8; ++line)
    bits = static_cast<std::uint16_t>(bits | ((lines >> line & 1U) != 0 ? 2U : 1U) << (2 * line));
  frame[4] = static_cast<std::uint8_t>(bits >> 8);
  frame[5] = static_cast<std::uint8_t>(bits);
}

struct Frame {
  float current_a = 0;
  std::uint8_t lines = 0;  // a line that was high in part of the sample (11) counts as high
};

inline Frame frame_of(std::span<const std::uint8_t, kFrameBytes> bytes) {
  Frame frame;
  std::memcpy(&frame.current_a, bytes.data(), 4);
  frame.current_a *= 1e-6F;
  const unsigned bits = static_cast<unsigned>(bytes[4]) << 8 | bytes[5];
  for (unsigned line = 0; line < 8; ++line)
    if ((bits >> (2 * line) & 2U) != 0) frame.lines = static_cast<std::uint8_t>(frame.lines | 1U << line);
  return frame;
}

}  // namespace tinyhil::meter
