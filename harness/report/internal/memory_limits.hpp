// SPDX-License-Identifier: Apache-2.0
// Limits that the policy sets on bytes, by quantity.
#pragma once

#include <optional>
#include <string>

#include "report/report.hpp"

namespace tinyhil::report {

// quantity: "model_size", "arena_used", "flash_size" or "ram_size". Empty when no rule limits it.
std::optional<double> memory_limit(const Report& report, const std::string& candidate,
                                   const std::string& quantity);

}  // namespace tinyhil::report
