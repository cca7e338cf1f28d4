// SPDX-License-Identifier: Apache-2.0
// Every file that tinyhil leaves behind for others goes through here.
#pragma once

#include <filesystem>
#include <string_view>

namespace tinyhil {

// The file is whole or as it was: written beside its place under an unpredictable name, flushed to the disk,
// then renamed. Makes the folder. Replaces a regular file only: throws Error(usage) for a
// link, a folder, a pipe or a device of that name, Error(output) when it cannot be written.
void write_file(const std::filesystem::path& file, std::string_view content);

}  // namespace tinyhil
