// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tinyhil::app {

// A text in YAML's double quotes. What comes from outside goes through visible_line() first.
inline std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char each : text) {
    if (each == '"' || each == '\\') result += '\\';
    result += each;
  }
  return result + '"';
}

}  // namespace tinyhil::app
