// SPDX-License-Identifier: Apache-2.0
// Limits that the policy sets on bytes, looked up by what a memory rule calls its checks.
#pragma once

#include <optional>
#include <string>

#include "report.hpp"

namespace tinyhil {

// subject: "model_size", "arena_used", "flash_size" or "ram_size". Empty when no rule limits it.
std::optional<double> memory_limit(const Report& report, const std::string& candidate,
                                   const std::string& subject);

}  // namespace tinyhil
