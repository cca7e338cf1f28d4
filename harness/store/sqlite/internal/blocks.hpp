// SPDX-License-Identifier: Apache-2.0
// Inferences as columns: a block is one row of the table `block` and holds thousands of inferences, each
// column one blob of little-endian integers. Reading ten million is a matter of copying memory.
#pragma once

#include <cstdint>

#include "model/inference_rows.hpp"
#include "model/trial.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// What a trial promises about its rows.
struct RowBounds {
  std::uint64_t vectors = 0;
  std::uint64_t repeats = 0;
};

// Throws Error(bench_fault) when a (vector, repeat) is there already or out of bounds. The caller holds a
// Transaction, so that the answer stays true until the block is written.
void check_new_rows(Connection& connection, std::int64_t trial, const RowBounds& bounds,
                    const InferenceRows& rows);

// Which columns are read. What only a trace needs is two thirds as long again as a small model's rows.
enum class WantedColumns {
  all,
  measured,  // without those that may be missing
};

// All rows of a trial, ordered by vector and repeat; none for a trial that is not there. Throws
// Error(bench_fault) for rows that check_new_rows() would not have let in: a column of another length, a
// vector or repeat that the trial does not have or has twice, an unknown status, outputs of unlike sizes.
InferenceRows load_rows(Connection& connection, std::int64_t trial,
                        WantedColumns wanted = WantedColumns::all);

}  // namespace tinyhil::store
