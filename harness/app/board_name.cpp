// SPDX-License-Identifier: Apache-2.0
#include "board_name.hpp"

#include <fmt/format.h>

namespace tinyhil::app {

namespace {

constexpr std::size_t kNameMost = 48;

}  // namespace

std::string board_name_from(const std::string& text) {
  std::string name;
  for (const char each : text) {
    const bool is_alnum =
        (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
    if (is_alnum || (!name.empty() && (each == '-' || each == '_' || each == '.'))) name += each;
    if (name.size() == kNameMost) break;
  }
  return name.empty() ? "board" : name;
}

std::string unused_name(const std::string& name, std::set<std::string>& used) {
  std::string candidate = name;
  for (int number = 2; !used.insert(candidate).second; ++number)
    candidate = fmt::format("{}-{}", name, number);
  return candidate;
}

}  // namespace tinyhil::app
