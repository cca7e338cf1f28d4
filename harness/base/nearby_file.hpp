// SPDX-License-Identifier: Apache-2.0
// "Did you mean ...?" for files that are not there. Nothing here fails.
#pragma once

#include <filesystem>
#include <string>

namespace tinyhil {

// "did you mean `campaign.yaml`? ", the file of the same folder whose name is nearest; empty when none is
// near enough to be a typing mistake, or the folder cannot be read. Looks at the first 2,000 of a folder.
std::string nearby_file_hint(const std::filesystem::path& missing);

}  // namespace tinyhil
