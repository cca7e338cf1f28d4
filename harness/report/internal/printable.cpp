// SPDX-License-Identifier: Apache-2.0
#include "printable.hpp"

#include <algorithm>
#include <cstdint>

#include "base/visible.hpp"

namespace tinyhil::report {
namespace {

struct Character {
  std::size_t size = 1;
  bool valid = false;
};

std::size_t announced_size(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// XML 1.0 allows no surrogates (ED A0..), no U+FFFE and U+FFFF (EF BF BE/BF); UTF-8 no overlong forms.
bool allowed(std::string_view bytes) {
  const auto second = static_cast<unsigned char>(bytes[1]);
  switch (static_cast<unsigned char>(bytes[0])) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second < 0xA0;
    case 0xEF:
      return second != 0xBF || static_cast<unsigned char>(bytes[2]) < 0xBE;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second < 0x90;
    default:
      return true;
  }
}

Character character_at(std::string_view text) {
  const std::size_t size = announced_size(static_cast<unsigned char>(text[0]));
  if (size == 0 || size > text.size()) return {};
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return {};
  if (size > 1 && !allowed(text.substr(0, size))) return {};
  return {size, true};
}

void append_picture(std::string& out, unsigned char control) {
  out += "\xE2\x90";  // U+2400 + control; DEL has U+2421
  out += static_cast<char>(control == 0x7F ? 0xA1 : 0x80 + control);
}

bool is_plain(char byte) { return byte >= 0x20 && byte < 0x7F; }

bool is_control(unsigned char byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto lead = static_cast<unsigned char>(text[0]);
    const Character next = character_at(text);
    if (is_control(lead)) {
      append_picture(out, lead);
    } else if (next.valid) {
      out += lead == '\r' ? "\r" : visible(text.substr(0, next.size));  // white space on a page, as \n is
    } else {
      out += "\xEF\xBF\xBD";
    }
    text.remove_prefix(next.size);
  }
  return out;
}

std::string clipped(std::string_view text, std::size_t limit) {
  constexpr std::string_view kEllipsis = "…";
  // A prefix is enough: printable() never shortens.
  std::string out = printable(text.substr(0, limit + 4));
  if (out.size() <= limit && text.size() <= limit) return out;
  std::size_t end = limit < kEllipsis.size() ? 0 : limit - kEllipsis.size();
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
  out.resize(end);
  return out += kEllipsis;
}

}  // namespace tinyhil::report
