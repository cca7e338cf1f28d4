// SPDX-License-Identifier: Apache-2.0
// A file's bytes, as many as the caller allows. Example:
//
//   const auto model = read_file("slim.tflite", kModelSizeMax, "model file");
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tinyhil {

// Throws Error(usage) when there is no regular file, it cannot be read or is larger than size_max. `noun`
// says what the file is for, in those sentences: "model file".
std::vector<std::uint8_t> read_file(const std::filesystem::path& file, std::size_t size_max,
                                    const std::string& noun);

// The same checks without reading: how large the file is.
std::size_t check_file(const std::filesystem::path& file, std::size_t size_max, const std::string& noun);

}  // namespace tinyhil
