// SPDX-License-Identifier: Apache-2.0
#include "visible.hpp"

#include <cstdint>
#include <cstdio>

#include "utf8.hpp"

namespace tinyhil {
namespace {

std::size_t announced_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte >= 0xF0) return 4;
  if (byte >= 0xE0) return 3;
  return byte >= 0xC0 ? 2 : 1;
}

std::uint32_t code_point(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character[0]);
  std::uint32_t code = static_cast<unsigned char>(character[0]) & (0x7FU >> character.size());
  for (const char next : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(next) & 0x3FU);
  return code;
}

bool is_between(std::uint32_t code, std::uint32_t first, std::uint32_t last) {
  return first <= code && code <= last;
}

// C0, C1, marks and overrides of direction, separators of lines, tags that nobody sees.
bool misleads(std::uint32_t code) {
  if (code == '\t' || code == '\n') return false;
  return code < 0x20 || is_between(code, 0x7F, 0x9F) || code == 0x061C || is_between(code, 0x200E, 0x200F) ||
         is_between(code, 0x2028, 0x202E) || is_between(code, 0x2066, 0x2069) || code == 0xFEFF;
}

void append_number(std::string& out, const char* format, unsigned value) {
  char text[8];
  std::snprintf(text, sizeof text, format, value);
  out += text;
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view character = text.substr(0, announced_size(text[0]));
    const bool is_nul = text[0] == '\0';
    if (!is_nul && !is_utf8(character)) {
      append_number(out, "\\x%02x", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    const std::uint32_t code = code_point(character);
    if (misleads(code)) {
      append_number(out, "\\u%04x", code);
    } else {
      out += character;
    }
    text.remove_prefix(character.size());
  }
  return out;
}

std::string visible_line(std::string_view text) {
  std::string line;
  for (const char byte : visible(text)) {
    if (byte == '\n') {
      line += "\\n";
    } else if (byte == '\t') {
      line += "\\t";
    } else {
      line += byte;
    }
  }
  return line;
}

std::size_t whole_characters(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) return text.size();
    if (byte >= 0xC0) {
      const bool is_cut = announced_size(static_cast<char>(byte)) > back;
      return is_cut ? text.size() - back : text.size();
    }
  }
  return text.size();
}

}  // namespace tinyhil
