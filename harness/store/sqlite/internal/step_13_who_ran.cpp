// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// Who began a run, and where. NULL says that it is not known.
std::string step_13() {
  return "ALTER TABLE run ADD COLUMN machine TEXT;\n"
         "ALTER TABLE run ADD COLUMN user_name TEXT;\n"
         "ALTER TABLE run ADD COLUMN git_commit TEXT;\n";
}

}  // namespace tinyhil::store
