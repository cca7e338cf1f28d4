// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// Which inference of which run each row is, and when it arrived. NULL: not known, as of all rows until now.
std::string step_8() {
  return R"sql(
ALTER TABLE block ADD COLUMN device_run BLOB CHECK (length(device_run) = 4 * n);
ALTER TABLE block ADD COLUMN run_index BLOB CHECK (length(run_index) = 4 * n);
ALTER TABLE block ADD COLUMN received_us BLOB CHECK (length(received_us) = 8 * n);
)sql";
}

}  // namespace tinyhil::store
