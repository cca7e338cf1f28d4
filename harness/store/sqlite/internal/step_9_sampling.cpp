// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// By which rules a run draws and looks, as fields. Until now they were one sentence, run.sampling, which old
// runs keep (run_sampling.cpp reads it).
std::string step_9() {
  return R"sql(
CREATE TABLE run_sampling (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  draw_order TEXT NOT NULL,
  stop TEXT NOT NULL,
  claim TEXT NOT NULL,
  min_vectors INTEGER NOT NULL CHECK (min_vectors >= 0),
  max_vectors INTEGER CHECK (max_vectors > 0),
  discordance REAL CHECK (discordance > 0 AND discordance < 1),
  chosen INTEGER NOT NULL CHECK (chosen >= 0),
  host_outputs TEXT NOT NULL
) STRICT;
CREATE INDEX sampling_of_run ON run_sampling (run);
)sql" + forbid_changes({"run_sampling"});
}

}  // namespace tinyhil::store
