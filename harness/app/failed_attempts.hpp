// SPDX-License-Identifier: Apache-2.0
// What a daemon tells of attempts at a campaign that it made again.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "report/report.hpp"

namespace tinyhil::app {

// Of the list in a campaign's document; none where there is no list.
std::vector<report::FailedAttempt> failed_attempts_in(const nlohmann::json& list);
// The same list in a file. Throws Error(usage) when it cannot be read.
std::vector<report::FailedAttempt> load_failed_attempts(const std::filesystem::path& file);

}  // namespace tinyhil::app
