// SPDX-License-Identifier: Apache-2.0
// Keys that several rules share. Shares are fractions of one. All throw Error(usage) with file and line.
#pragma once

#include "formats/section.hpp"

namespace tinyhil::gate {

// `margin: 2 %`: more than nothing (to show "not worse at all" takes infinitely many vectors), less than all.
double read_margin(const Section& section);

// Share that is allowed, from nothing to less than all; nothing when the key is missing.
std::optional<double> read_share(const Section& section, std::string_view key);

// `min_n: 30`: groups with fewer vectors are undecided.
std::uint64_t read_min_n(const Section& section);

}  // namespace tinyhil::gate
