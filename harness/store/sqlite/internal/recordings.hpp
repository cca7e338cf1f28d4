// SPDX-License-Identifier: Apache-2.0
// What current meters recorded, read from the database and held to its bounds.
#pragma once

#include <cstdint>
#include <vector>

#include "model/recording.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// Throws Error(bench_fault) when there is no such recording, or it has ended.
std::int64_t run_of_open_recording(Connection& connection, std::int64_t recording);

std::vector<Recording> load_recordings(Connection& connection, std::int64_t run);

}  // namespace tinyhil::store
