// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// Attempts at a run that failed for the bench's or a board's sake, after which it was tried again.
std::string step_14() {
  return R"sql(
CREATE TABLE failed_attempt (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  boards TEXT NOT NULL,
  failure_class TEXT NOT NULL,
  what TEXT NOT NULL
) STRICT;
CREATE INDEX attempt_of_run ON failed_attempt (run);
)sql" + forbid_changes({"failed_attempt"});
}

}  // namespace tinyhil::store
