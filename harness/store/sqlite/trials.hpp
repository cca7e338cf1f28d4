// SPDX-License-Identifier: Apache-2.0
// A trial's description in the database: what was run, on what, and how it ended. Its rows: blocks.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "blocks.hpp"
#include "connection.hpp"
#include "model/trial.hpp"

namespace tinyhil {

// The caller holds a Transaction. Models, vector sets, images, boards and tensors known from earlier trials
// are referred to, not stored again.
std::int64_t insert_trial(Connection& connection, std::int64_t run, const TrialInfo& info);
std::int64_t insert_end(Connection& connection, std::int64_t trial, const TrialEnd& end);  // the row's id

// Throws Error(bench_fault) when there is no such trial, or when it is faulted or complete over its whole
// set: those take no more rows. One that was interrupted or drew only a part does; it is being resumed.
RowBounds bounds_of_open_trial(Connection& connection, std::int64_t trial);

std::vector<Trial> load_trials(Connection& connection, std::int64_t run);  // without rows

}  // namespace tinyhil
