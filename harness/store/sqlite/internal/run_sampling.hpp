// SPDX-License-Identifier: Apache-2.0
// By which rules a run draws its vectors and looks at them, in the database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/run_sampling.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// Nothing for a run over the whole set as it is.
std::optional<RunSampling> load_sampling(Connection& connection, std::int64_t run);

// The sentence of a run that was stored before version 9; nothing for one that no tinyhil wrote.
std::optional<RunSampling> parse_sampling(const std::string& sentence);

}  // namespace tinyhil::store
