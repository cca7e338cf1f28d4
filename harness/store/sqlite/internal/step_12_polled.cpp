// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// NULL says that no probe read the board's memory meanwhile, or that it was not written down.
std::string step_12() { return "ALTER TABLE trial ADD COLUMN polled INTEGER CHECK (polled = 1);\n"; }

}  // namespace tinyhil::store
