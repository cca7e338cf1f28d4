// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace tinyhil::app {

// Throws Error(usage) when something of this name is there: a bench file that somebody has edited stays.
void refuse_to_overwrite(const std::filesystem::path& file);

}  // namespace tinyhil::app
