// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "base/utf8.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kPartsMost = 64;

bool is_control(char character) { return static_cast<unsigned char>(character) < 0x20 || character == 0x7f; }

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char character = plus_is_space && text[i] == '+' ? ' ' : text[i];
    if (character == '%') {
      const auto byte = from_hex(text.substr(i + 1, 2));
      if (!byte || byte->size() != 1) return std::nullopt;
      character = static_cast<char>(byte->front());
      i += 2;
    }
    decoded += character;
  }
  if (!is_utf8(decoded) || std::any_of(decoded.begin(), decoded.end(), is_control)) return std::nullopt;
  return decoded;
}

bool parse_path(std::string_view path, Target& target) {
  if (path.empty() || path.front() != '/') return false;
  const std::vector<std::string_view> segments = split(path.substr(1), '/');
  if (segments.size() > kPartsMost) return false;
  for (const std::string_view segment : segments) {
    std::optional<std::string> decoded = decode(segment, false);
    if (!decoded) return false;
    target.segments.push_back(std::move(*decoded));
  }
  return true;
}

bool parse_query(std::string_view query, Target& target) {
  if (query.empty()) return true;
  const std::vector<std::string_view> parts = split(query, '&');
  if (parts.size() > kPartsMost) return false;
  for (const std::string_view part : parts) {
    const std::size_t equals = std::min(part.find('='), part.size());
    std::optional<std::string> name = decode(part.substr(0, equals), true);
    std::optional<std::string> value = decode(part.substr(std::min(equals + 1, part.size())), true);
    if (!name || !value) return false;
    if (!target.query.emplace(std::move(*name), std::move(*value)).second) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

std::optional<Target> parse_target(std::string_view text) {
  const std::size_t mark = std::min(text.find('?'), text.size());
  Target target;
  target.path = text.substr(0, mark);
  const bool good =
      parse_path(target.path, target) && parse_query(text.substr(std::min(mark + 1, text.size())), target);
  return good ? std::optional(std::move(target)) : std::nullopt;
}

}  // namespace tinyhil::daemon
