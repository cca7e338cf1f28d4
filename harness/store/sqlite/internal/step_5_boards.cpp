// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// NULL says what was true until now: one board ran everything.
std::string step_5() { return "ALTER TABLE run ADD COLUMN boards TEXT;\n"; }

}  // namespace tinyhil::store
