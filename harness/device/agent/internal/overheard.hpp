// SPDX-License-Identifier: Apache-2.0
// What comes along the line besides frames: text that an application prints on the same UART, pieces of
// damaged frames, noise. Bounded, however much comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tinyhil::device {

// Text and nothing else: what a terminal shows, in UTF-8. No frame that was damaged reads so, short pieces
// apart.
bool is_plain_text(std::span<const std::uint8_t> bytes);

// The first of them, `most` at most: " 5b 20 31".
std::string in_hex(std::span<const std::uint8_t> bytes, std::size_t most);

class Overheard {
 public:
  // All bytes in the order in which they came, cut anywhere, as the decoder took them: whether the last of
  // them ends a good frame, and whether a stretch between two zeros was none.
  void hear(std::span<const std::uint8_t> bytes, bool ends_with_frame, bool has_bad);

  // Stretches between two zeros that were text: nothing was damaged, the board printed.
  std::uint32_t texts() const { return texts_; }

  std::string text() const;         // that came so far, in front of and among what was damaged too
  std::string first_bytes() const;  // in hexadecimal, of what is no frame

 private:
  void keep(std::span<const std::uint8_t> stretch);

  std::vector<std::uint8_t> unended_;  // what came after the last zero
  std::string text_;
  std::vector<std::uint8_t> first_bytes_;
  std::uint32_t texts_ = 0;
};

}  // namespace tinyhil::device
