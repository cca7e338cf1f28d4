// SPDX-License-Identifier: Apache-2.0
// For fuzzing: a small bundle, genuine and unsigned, made anew by the code under test.
#pragma once

#include "evidence/archive.hpp"

namespace tinyhil::campaign {

evidence::Files small_bundle();

}  // namespace tinyhil::campaign
