// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meter/internal/trace_start.hpp"

namespace tinyhil::meter {

std::string to_json(const TraceStart& start);

// Throws Error(usage) at `where` for anything that to_json does not write: at most 16 ranges, finite numbers,
// a rate above zero.
TraceStart parse_trace_start(std::string_view json, const std::string& where);

}  // namespace tinyhil::meter
