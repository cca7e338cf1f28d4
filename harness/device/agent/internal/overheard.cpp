// SPDX-License-Identifier: Apache-2.0
#include "overheard.hpp"

#include <algorithm>
#include <string_view>

#include "base/utf8.hpp"
#include "thil/wire.h"

namespace tinyhil::device {

namespace {

constexpr std::size_t kTextMax = 400;  // enough to know who talks, and of what
constexpr std::size_t kBytesMax = 16;
constexpr std::size_t kPlainMin = 4;        // shorter pieces of a frame may look like text
constexpr std::size_t kAmongNoiseMin = 12;  // likewise, in the middle of what is damaged

bool is_printed(std::uint8_t byte) {
  constexpr std::string_view kOfTerminals = "\a\b\t\n\v\f\r\x1b";
  return (byte >= 0x20 && byte != 0x7F) ||
         kOfTerminals.find(static_cast<char>(byte)) != std::string_view::npos;
}

bool is_letter(std::uint8_t byte) { return byte < 0x80 && is_printed(byte); }

std::string text_of(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

// What of a damaged frame, or of no frame at all, reads like text.
std::string text_among(std::span<const std::uint8_t> bytes) {
  if (is_plain_text(bytes)) return text_of(bytes);
  std::string text;
  for (auto at = bytes.begin(); at != bytes.end();) {
    const auto end = std::find_if_not(at, bytes.end(), is_letter);
    if (end - at >= static_cast<std::ptrdiff_t>(kAmongNoiseMin)) text.append(at, end);
    at = end == bytes.end() ? end : end + 1;
  }
  return text;
}

}  // namespace

bool is_plain_text(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kPlainMin && std::ranges::all_of(bytes, is_printed) && is_utf8(text_of(bytes));
}

std::string in_hex(std::span<const std::uint8_t> bytes, std::size_t most) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string words;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), most))) {
    words += std::string(" ") + kDigits[byte >> 4] + kDigits[byte & 0xF];
  }
  return words;
}

void Overheard::keep(std::span<const std::uint8_t> stretch) {
  if (stretch.empty()) return;
  if (is_plain_text(stretch)) ++texts_;
  if (first_bytes_.empty()) {
    const auto first = stretch.first(std::min(stretch.size(), kBytesMax));
    first_bytes_.assign(first.begin(), first.end());
  }
  if (text_.size() < kTextMax) text_ += text_among(stretch);
}

// Frames that arrive whole, nearly all there is, are not looked at.
void Overheard::hear(std::span<const std::uint8_t> bytes, bool ends_with_frame, bool has_bad) {
  if (ends_with_frame && !has_bad) return unended_.clear();
  while (!bytes.empty()) {
    const auto end = std::ranges::find(bytes, 0);
    const auto size = static_cast<std::size_t>(end - bytes.begin());
    if (unended_.size() < THIL_FRAME_LINE_MAX) {
      unended_.insert(unended_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    }
    if (size == bytes.size()) return;
    bytes = bytes.subspan(size + 1);
    if (!bytes.empty() || !ends_with_frame) keep(unended_);
    unended_.clear();
  }
}

std::string Overheard::text() const {
  std::string text = text_;
  if (is_plain_text(unended_)) text += text_of(unended_);
  return text.substr(0, kTextMax);
}

std::string Overheard::first_bytes() const {
  const std::span<const std::uint8_t> first = first_bytes_.empty() ? unended_ : first_bytes_;
  return in_hex(first, kBytesMax);
}

}  // namespace tinyhil::device
