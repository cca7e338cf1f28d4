// SPDX-License-Identifier: Apache-2.0
#include "steps.hpp"

namespace tinyhil::store {
namespace {

// What current meters recorded. Charges are gross, as the meter gave them; energies follow from them.
constexpr const char* kRecordings = R"sql(
CREATE TABLE recording (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  board_name TEXT NOT NULL,
  driver TEXT NOT NULL,
  serial TEXT NOT NULL,
  firmware TEXT NOT NULL,
  calibration TEXT NOT NULL,
  calibrated TEXT NOT NULL,
  expires TEXT NOT NULL,
  simulated INTEGER NOT NULL,
  virtual_time INTEGER NOT NULL,
  rate_hz REAL NOT NULL,
  ranges BLOB NOT NULL,
  range_mode TEXT NOT NULL,
  supply_v REAL NOT NULL,
  voltage TEXT NOT NULL,
  voltage_limit REAL NOT NULL,
  trigger_line INTEGER NOT NULL,
  started_at TEXT NOT NULL
) STRICT;
CREATE INDEX recordings_of_run ON recording (run);
CREATE TABLE energy_window (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  recording INTEGER NOT NULL REFERENCES recording (id),
  kind TEXT NOT NULL,
  model_name TEXT NOT NULL,
  vector INTEGER,
  block INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  proven INTEGER NOT NULL,
  timer_ticks INTEGER NOT NULL,
  output BLOB NOT NULL,
  state TEXT NOT NULL,
  why TEXT NOT NULL,
  begin_s REAL NOT NULL,
  length_s REAL NOT NULL,
  edge_s REAL NOT NULL,
  charge_c REAL NOT NULL,
  missing_s REAL NOT NULL,
  missing_low_a REAL NOT NULL,
  missing_high_a REAL NOT NULL,
  switching_c REAL NOT NULL,
  noise_a REAL NOT NULL,
  noise_degrees REAL NOT NULL,
  range_shares BLOB NOT NULL,
  layer_ends BLOB NOT NULL,
  layer_shares BLOB NOT NULL
) STRICT;
CREATE INDEX windows_of_recording ON energy_window (recording);
CREATE TABLE recording_end (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  recording INTEGER NOT NULL UNIQUE REFERENCES recording (id),
  state TEXT NOT NULL,
  fault_kind TEXT,
  fault_what TEXT,
  fault_evidence TEXT,
  fault_remedy TEXT,
  trace TEXT NOT NULL,
  trace_digest BLOB NOT NULL,
  samples INTEGER NOT NULL,
  ended_at TEXT NOT NULL
) STRICT;
CREATE VIEW v_energy AS
SELECT energy_window.run, board_name AS board, model_name AS model, vector, block, proven AS inferences,
  simulated, length_s, charge_c * supply_v * 1e6 AS gross_uj,
  charge_c * supply_v * 1e6 / proven AS gross_uj_per_inference
FROM energy_window JOIN recording ON recording.id = energy_window.recording
WHERE energy_window.kind = 'inference' AND energy_window.state = 'complete' AND proven > 0;
)sql";

}  // namespace

std::string step_11() {
  return kRecordings + forbid_changes({"recording", "energy_window", "recording_end"});
}

}  // namespace tinyhil::store
