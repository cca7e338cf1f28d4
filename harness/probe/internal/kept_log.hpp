// SPDX-License-Identifier: Apache-2.0
// The file in which logs of programs that failed are kept, one behind the other.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tinyhil::probe {

inline constexpr std::size_t kKeptLogMost = std::size_t{1} << 20;  // bytes of the file

// Adds the log under a line with its subject and the time. A file that is full stays as it is: the first
// failure tells most. Empty, or why it was not possible; throws nothing for the disk.
std::string add_log(const std::filesystem::path& file, const std::string& subject, std::string_view log);

}  // namespace tinyhil::probe
