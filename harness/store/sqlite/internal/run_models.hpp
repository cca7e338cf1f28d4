// SPDX-License-Identifier: Apache-2.0
// Who takes part in a run, how often before, which attempts failed, and what was said in the end.
#pragma once

#include <vector>

#include "model/run_record.hpp"
#include "store/run_store.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// Counts what this database knows of a candidate's earlier runs on the same vectors. The caller holds a
// Transaction.
void count_earlier_runs(Connection& connection, const RunRecord& run, ModelOfRun& model);

// Fills in models and vectors_digest.
void load_models(Connection& connection, RunRecord& run);

std::vector<FailedAttempt> load_failed_attempts(Connection& connection, std::int64_t run);  // oldest first
std::vector<RunVerdict> load_verdicts(Connection& connection, std::int64_t run);            // oldest first

}  // namespace tinyhil::store
