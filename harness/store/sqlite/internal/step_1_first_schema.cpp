// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {
namespace {

// Identities have one row each: equal columns, same row. Facts refer to them. Nothing is ever updated: what
// changes in a trial's life is one more row in trial_end.
constexpr const char* kIdentities = R"sql(
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  campaign TEXT NOT NULL,
  campaign_file TEXT NOT NULL,
  campaign_digest BLOB NOT NULL CHECK (length(campaign_digest) = 32),
  bench TEXT NOT NULL,
  policy_digest BLOB NOT NULL CHECK (length(policy_digest) = 32),
  started_at TEXT NOT NULL,
  host TEXT NOT NULL,
  version TEXT NOT NULL
) STRICT;
CREATE TABLE model (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  size INTEGER NOT NULL,
  UNIQUE (digest, size)
) STRICT;
CREATE TABLE vector_set (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  count INTEGER NOT NULL,
  UNIQUE (digest, count)
) STRICT;
CREATE TABLE image (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  engine TEXT NOT NULL,
  build TEXT NOT NULL,
  flash_size INTEGER NOT NULL,
  ram_size INTEGER NOT NULL,
  UNIQUE (digest, engine, build, flash_size, ram_size)
) STRICT;
CREATE TABLE board (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  serial TEXT NOT NULL,
  provenance TEXT NOT NULL,
  clock TEXT NOT NULL,
  clock_hz INTEGER NOT NULL,
  timer_hz INTEGER NOT NULL,
  UNIQUE (name, kind, serial, provenance, clock, clock_hz, timer_hz)
) STRICT;
CREATE TABLE tensor (
  id INTEGER PRIMARY KEY,
  dtype TEXT NOT NULL,
  rank INTEGER NOT NULL,
  dim0 INTEGER NOT NULL,
  dim1 INTEGER NOT NULL,
  dim2 INTEGER NOT NULL,
  dim3 INTEGER NOT NULL,
  scale REAL NOT NULL,
  zero_point INTEGER NOT NULL,
  UNIQUE (dtype, rank, dim0, dim1, dim2, dim3, scale, zero_point)
) STRICT;
)sql";

constexpr const char* kFacts = R"sql(
CREATE TABLE trial (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  model INTEGER NOT NULL REFERENCES model (id),
  model_name TEXT NOT NULL,
  vector_set INTEGER NOT NULL REFERENCES vector_set (id),
  board INTEGER NOT NULL REFERENCES board (id),
  image INTEGER NOT NULL REFERENCES image (id),
  input INTEGER NOT NULL REFERENCES tensor (id),
  output INTEGER NOT NULL REFERENCES tensor (id),
  repeats INTEGER NOT NULL CHECK (repeats > 0),
  arena_used INTEGER NOT NULL,
  started_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
CREATE INDEX trial_of_run ON trial (run);
CREATE TABLE trial_end (
  id INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trial (id),
  state TEXT NOT NULL CHECK (state IN ('complete', 'faulted', 'interrupted')),
  fault_kind TEXT,
  fault_what TEXT,
  fault_evidence TEXT,
  fault_remedy TEXT,
  ended_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
CREATE INDEX end_of_trial ON trial_end (trial);
CREATE TABLE block (
  id INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trial (id),
  first_vector INTEGER NOT NULL,
  last_vector INTEGER NOT NULL CHECK (last_vector >= first_vector),
  n INTEGER NOT NULL CHECK (n > 0),
  output_size INTEGER NOT NULL CHECK (output_size >= 0),
  vector BLOB NOT NULL CHECK (length(vector) = 4 * n),
  repeat BLOB NOT NULL CHECK (length(repeat) = 2 * n),
  status BLOB NOT NULL CHECK (length(status) = n),
  clock BLOB NOT NULL CHECK (length(clock) = 4 * n),
  timer BLOB NOT NULL CHECK (length(timer) = 4 * n),
  outputs BLOB NOT NULL CHECK (length(outputs) = output_size * n)
) STRICT;
CREATE INDEX block_of_trial ON block (trial, first_vector, last_vector);
CREATE VIEW v_trial AS
SELECT
  trial.id AS trial, run.id AS run, run.campaign, trial.started_at,
  COALESCE(ended.state, 'running') AS state, ended.fault_kind, ended.fault_what,
  trial.model_name AS model, lower(hex(model.digest)) AS model_sha256, model.size AS model_bytes,
  lower(hex(vector_set.digest)) AS vectors_sha256, vector_set.count AS vectors, trial.repeats,
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

std::string step_1() {
  return std::string(kIdentities) + kFacts +
         forbid_changes(
             {"run", "model", "vector_set", "image", "board", "tensor", "trial", "trial_end", "block"});
}

}  // namespace tinyhil::store
