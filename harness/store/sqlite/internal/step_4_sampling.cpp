// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// NULL says what was true until now: every vector in the order of the set, no trial a control. So links of
// rows that are there stay true (docs/formats/facts.md).
std::string step_4() {
  return R"sql(
ALTER TABLE run ADD COLUMN sampling TEXT;
ALTER TABLE run ADD COLUMN order_seed INTEGER;
ALTER TABLE trial ADD COLUMN role TEXT CHECK (role = 'control');
ALTER TABLE trial_end ADD COLUMN drawn INTEGER CHECK (drawn > 0);
DROP VIEW v_trial;
CREATE VIEW v_trial AS
SELECT
  trial.id AS trial, run.id AS run, run.campaign, trial.started_at,
  COALESCE(trial.role, 'subject') AS role,
  COALESCE(ended.state, 'running') AS state, ended.drawn, ended.fault_kind, ended.fault_what,
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
}

}  // namespace tinyhil::store
