// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {

// Inputs and outputs of a trial's model beyond the first of each, which are trial.input and trial.output. A
// row says all itself: what the table tensor holds is linked for those two columns.
std::string step_10() {
  return R"sql(
CREATE TABLE trial_tensor (
  id INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trial (id),
  role TEXT NOT NULL CHECK (role IN ('input', 'output')),
  position INTEGER NOT NULL CHECK (position > 0),
  dtype TEXT NOT NULL,
  rank INTEGER NOT NULL,
  dim0 INTEGER NOT NULL,
  dim1 INTEGER NOT NULL,
  dim2 INTEGER NOT NULL,
  dim3 INTEGER NOT NULL,
  scale REAL NOT NULL,
  zero_point INTEGER NOT NULL
) STRICT;
CREATE INDEX tensors_of_trial ON trial_tensor (trial);
CREATE VIEW v_trial_tensor AS
SELECT trial.id AS trial, 'input' AS role, 0 AS position, dtype, rank, dim0, dim1, dim2, dim3, scale, zero_point
FROM trial JOIN tensor ON tensor.id = trial.input
UNION ALL
SELECT trial.id, 'output', 0, dtype, rank, dim0, dim1, dim2, dim3, scale, zero_point
FROM trial JOIN tensor ON tensor.id = trial.output
UNION ALL
SELECT trial, role, position, dtype, rank, dim0, dim1, dim2, dim3, scale, zero_point FROM trial_tensor;
)sql" + forbid_changes({"trial_tensor"});
}

}  // namespace tinyhil::store
