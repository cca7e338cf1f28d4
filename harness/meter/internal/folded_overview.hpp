// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meter/trace_reader.hpp"

namespace tinyhil::meter {

// The member minimap.raw of a .ppk2 that holds samples [first, last): at most 10,000 points of minimum and
// maximum (nanoamperes over microseconds), each of 2^k samples.
std::string folded_overview(const TraceReader& trace, std::uint64_t first, std::uint64_t last);

}  // namespace tinyhil::meter
