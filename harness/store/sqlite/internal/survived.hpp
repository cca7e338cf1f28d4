// SPDX-License-Identifier: Apache-2.0
// The faults that a trial outlived.
#pragma once

#include <cstdint>
#include <vector>

#include "blocks.hpp"
#include "model/trial.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// Throws Error(bench_fault) when it blames a vector that the trial does not have.
void check_survived(const Connection& connection, std::int64_t trial, const RowBounds& bounds,
                    const SurvivedFault& survived);

std::vector<SurvivedFault> load_survived(Connection& connection, std::int64_t trial,
                                         std::uint64_t vectors);  // as they happened

}  // namespace tinyhil::store
