// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace tinyhil::bench {

// One name for a file, whichever of its names it was called by: absolute, with links followed as far as they
// lead. A file that is not there has one, too.
std::string whole_path(const std::filesystem::path& file);

}  // namespace tinyhil::bench
