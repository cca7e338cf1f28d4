// SPDX-License-Identifier: Apache-2.0
#include "utf8.hpp"

#include <cstddef>

namespace tinyhil {
namespace {

// A sequence by its lead byte: its length, and the narrower range of the second byte that keeps out overlong
// forms, surrogates and what lies beyond U+10FFFF.
struct Lead {
  std::size_t length;
  unsigned char second_low;
  unsigned char second_high;
};

Lead lead(unsigned char byte) {
  if (byte >= 0x01 && byte <= 0x7F) return {1, 0, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

bool within(char byte, unsigned char low, unsigned char high) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= low && value <= high;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Lead sequence = lead(static_cast<unsigned char>(text[0]));
    if (sequence.length == 0 || sequence.length > text.size()) return false;
    if (sequence.length > 1 && !within(text[1], sequence.second_low, sequence.second_high)) return false;
    for (std::size_t i = 2; i < sequence.length; ++i)
      if (!within(text[i], 0x80, 0xBF)) return false;
    text.remove_prefix(sequence.length);
  }
  return true;
}

}  // namespace tinyhil
