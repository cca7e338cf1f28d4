// SPDX-License-Identifier: Apache-2.0
// Versions of tinyhil, "0.3.1", by their numbers.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tinyhil::gate {

// Up to a "-" or "+"; nothing when it has anything but numbers and dots before. Compare with <=>.
inline std::optional<std::vector<std::uint32_t>> parse_version(std::string_view text) {
  text = text.substr(0, text.find_first_of("-+"));
  std::vector<std::uint32_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (numbers.size() < 4) {
    const auto [stop, error] = std::from_chars(at, end, numbers.emplace_back());
    if (error != std::errc()) return std::nullopt;
    if (stop == end) return numbers;
    if (*stop != '.') return std::nullopt;
    at = stop + 1;
  }
  return std::nullopt;
}

}  // namespace tinyhil::gate
