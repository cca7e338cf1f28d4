// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {
namespace {

// Until now nothing moved on the line while a model ran, and outputs were stored whole: so say the defaults,
// which SQLite needs for the rows that are there. A run from before cannot be resumed, and when it ended was
// not written down.
constexpr const char* kSurvivedTables = R"sql(
ALTER TABLE trial ADD COLUMN mode TEXT NOT NULL DEFAULT 'measure' CHECK (mode IN ('measure', 'throughput'));
ALTER TABLE trial ADD COLUMN top_k INTEGER NOT NULL DEFAULT 0 CHECK (top_k BETWEEN 0 AND 65535);
CREATE TABLE survived_fault (
  id INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trial (id),
  vector INTEGER CHECK (vector >= 0),
  of_the_device INTEGER NOT NULL CHECK (of_the_device IN (0, 1)),
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  evidence TEXT NOT NULL,
  remedy TEXT NOT NULL,
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
CREATE INDEX survived_of_trial ON survived_fault (trial);
CREATE TABLE run_end (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL UNIQUE REFERENCES run (id),
  ended_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
INSERT INTO run_end (run, ended_at) SELECT id, NULL FROM run;
)sql";

constexpr const char* kView = R"sql(
DROP VIEW v_trial;
CREATE VIEW v_trial AS
SELECT
  trial.id AS trial, run.id AS run, run.campaign, trial.started_at,
  COALESCE(ended.state, 'running') AS state, ended.fault_kind, ended.fault_what,
  (SELECT COUNT(*) FROM survived_fault WHERE survived_fault.trial = trial.id) AS survived_faults,
  trial.model_name AS model, lower(hex(model.digest)) AS model_sha256, model.size AS model_bytes,
  lower(hex(vector_set.digest)) AS vectors_sha256, vector_set.count AS vectors, trial.repeats,
  trial.mode, trial.top_k,
  board.name AS board, board.kind, board.serial, board.provenance, board.clock, board.clock_hz,
  lower(hex(image.digest)) AS image_sha256, image.engine, image.build, trial.arena_used AS arena_bytes,
  (SELECT COALESCE(SUM(n), 0) FROM block WHERE block.trial = trial.id) AS inferences
FROM trial
JOIN run ON run.id = trial.run
JOIN model ON model.id = trial.model
JOIN vector_set ON vector_set.id = trial.vector_set
JOIN board ON board.id = trial.board
JOIN image ON image.id = trial.image
LEFT JOIN trial_end AS ended
  ON ended.id = (SELECT MAX(id) FROM trial_end WHERE trial_end.trial = trial.id);
)sql";

}  // namespace

std::string step_2() {
  return std::string(kSurvivedTables) + kView + forbid_changes({"survived_fault", "run_end"});
}

}  // namespace tinyhil::store
