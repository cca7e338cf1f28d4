// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

namespace tinyhil::app {

struct OpenOcdVersion {
  int major = 0;
  int minor = 0;
  auto operator<=>(const OpenOcdVersion&) const = default;
};

// What `openocd --version` says; nothing when it cannot be run, is none, or does not end within five seconds.
std::optional<OpenOcdVersion> openocd_version(const std::filesystem::path& program);

}  // namespace tinyhil::app
