// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// What is settled before the first board is asked, in the order in which it is settled: the models, then the
// order in which they will see the vectors. And what was said of them in the end.
std::string step_7() {
  return R"sql(
CREATE TABLE run_model (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  name TEXT NOT NULL,
  candidate INTEGER NOT NULL CHECK (candidate IN (0, 1)),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  vectors BLOB NOT NULL CHECK (length(vectors) = 32),
  earlier INTEGER NOT NULL CHECK (earlier >= 0),
  earlier_ended TEXT NOT NULL
) STRICT;
CREATE INDEX model_of_run ON run_model (run);
CREATE INDEX runs_of_model ON run_model (digest, vectors);
CREATE TABLE run_order (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  seed INTEGER NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('drawn', 'chosen'))
) STRICT;
CREATE INDEX order_of_run ON run_order (run);
CREATE TABLE run_verdict (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  model_name TEXT NOT NULL,
  policy_digest BLOB NOT NULL CHECK (length(policy_digest) = 32),
  outcome TEXT NOT NULL,
  judged_at TEXT NOT NULL
) STRICT;
CREATE INDEX verdict_of_run ON run_verdict (run);
)sql" + forbid_changes({"run_model", "run_order", "run_verdict"});
}

}  // namespace tinyhil::store
