// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/section.hpp"

namespace tinyhil {

// `margin: 2 %`: more than nothing (to show "not worse at all" takes infinitely many vectors), less than all.
double read_margin(const Section& section);

}  // namespace tinyhil
