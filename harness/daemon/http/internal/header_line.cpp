// SPDX-License-Identifier: Apache-2.0
#include "header_line.hpp"

#include <algorithm>
#include <string_view>

namespace tinyhil::daemon {

namespace {

bool is_token(const std::string& name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
  return !name.empty() && name.find_first_not_of(kAllowed) == std::string::npos;
}

bool is_control_byte(unsigned char byte) { return byte < 0x20 || byte == 0x7f; }

}  // namespace

std::optional<std::string> header_line(const Header& header) {
  const std::string& value = header.value;
  if (!is_token(header.name) || std::any_of(value.begin(), value.end(), is_control_byte)) return std::nullopt;
  return header.name + ": " + value + "\r\n";
}

}  // namespace tinyhil::daemon
