// SPDX-License-Identifier: Apache-2.0
// What a daemon tells of attempts at a campaign that it made again.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "model/run_record.hpp"

namespace tinyhil::app {

// Of a campaign's document; none where it has no list of them. At most kFailedAttemptsMax, and of a text as
// much as a store takes.
std::vector<FailedAttempt> failed_attempts_in(const nlohmann::json& document);
// The list alone, in a file. Throws Error(usage) when it cannot be read.
std::vector<FailedAttempt> load_failed_attempts(const std::filesystem::path& file);

}  // namespace tinyhil::app
