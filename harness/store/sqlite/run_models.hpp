// SPDX-License-Identifier: Apache-2.0
// Who takes part in a run, how often before, and what was said in the end.
#pragma once

#include "connection.hpp"
#include "model/run_record.hpp"

namespace tinyhil {

// Stores the run's models with what this database knows of each candidate's earlier runs on the same vectors.
// Returns the new rows' ids.
std::vector<std::int64_t> insert_models(Connection& connection, std::int64_t run, const RunRecord& record);

// Fills in models and vectors_digest.
void load_models(Connection& connection, RunRecord& run);

}  // namespace tinyhil
