// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace tinyhil::meter {

// The first line of a small file such as sysfs has, at most 64 bytes; nothing when it cannot be read or is
// longer.
std::optional<std::string> read_attribute(const std::filesystem::path& file);

enum class NumberState : std::uint8_t { good, gone, nonsense };
struct SysfsNumber {
  NumberState state{};
  std::int64_t value = 0;
};
// A whole number within these; gone when the file cannot be read.
SysfsNumber read_number(const std::filesystem::path& file, std::int64_t low, std::int64_t high);

}  // namespace tinyhil::meter
