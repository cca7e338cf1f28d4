// SPDX-License-Identifier: Apache-2.0
// A trial's description in the database: what was run, on what, and how it ended. Its rows: blocks.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "blocks.hpp"
#include "model/trial.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// Throws Error(bench_fault) when there is no such trial, or when it is faulted or complete over its whole
// set: those take no more rows. One that was interrupted or drew only a part does; it is being resumed.
RowBounds bounds_of_open_trial(Connection& connection, std::int64_t trial);

std::vector<Trial> load_trials(Connection& connection, std::int64_t run);  // without rows

}  // namespace tinyhil::store
