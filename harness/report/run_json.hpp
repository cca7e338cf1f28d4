// SPDX-License-Identifier: Apache-2.0
// What documents about a run have in common.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "model/run_record.hpp"

namespace tinyhil::report {

// A list of {"boards", "class", "what"}, oldest first.
nlohmann::ordered_json failed_attempts_of(const RunRecord& run);

}  // namespace tinyhil::report
