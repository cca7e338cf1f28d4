// SPDX-License-Identifier: Apache-2.0
#include "program_version.hpp"

#include <cstdio>
#include <string>

#include "base/error.hpp"
#include "transport/child_process.hpp"

namespace tinyhil::app {

namespace {

constexpr std::chrono::milliseconds kPatience{5'000};
constexpr const char* kBegin = "Open On-Chip Debugger ";

}  // namespace

std::optional<OpenOcdVersion> openocd_version(const std::filesystem::path& program) {
  std::string words;
  try {
    transport::ChildProcess process({program.string(), "--version"});
    process.outcome(kPatience);
    words = process.last_words();
  } catch (const Error&) {
    return std::nullopt;  // not to be run; the caller says so
  }
  OpenOcdVersion version;
  const std::size_t begin = words.find(kBegin);
  if (begin == std::string::npos) return std::nullopt;
  const char* text = words.c_str() + begin + std::string(kBegin).size();
  const bool is_one = std::sscanf(text, "%d.%d", &version.major, &version.minor) == 2;
  return is_one ? std::optional(version) : std::nullopt;
}

}  // namespace tinyhil::app
