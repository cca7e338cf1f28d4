// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil {

// NULL says what was true until now: every vector in the order of the set, no trial a control. So links of
// rows that are there stay true (canonical_row.hpp).
std::string step_4() {
  return R"sql(
ALTER TABLE run ADD COLUMN sampling TEXT;
ALTER TABLE run ADD COLUMN order_seed INTEGER;
ALTER TABLE trial ADD COLUMN role TEXT CHECK (role = 'control');
ALTER TABLE trial_end ADD COLUMN drawn INTEGER CHECK (drawn > 0);
)sql";
}

}  // namespace tinyhil
