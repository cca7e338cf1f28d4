// SPDX-License-Identifier: Apache-2.0
// The windows of a recording, as a store tells of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "model/recording.hpp"

namespace tinyhil::app {

struct RecordedWindows {
  std::int64_t run = 0;
  Recording recording;
};

// Throws Error(usage) where the store knows nothing of this trace, or of another one in its place.
RecordedWindows windows_of(const std::filesystem::path& trace, const std::filesystem::path& store);

void print_windows(const RecordedWindows& recorded);
nlohmann::ordered_json json_of(const RecordedWindows& recorded);

}  // namespace tinyhil::app
