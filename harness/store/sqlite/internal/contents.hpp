// SPDX-License-Identifier: Apache-2.0
// What files hold, as store.hpp has it, and which runs have shown results of them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "store/run_store.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// What is known already stays as it is.
void insert_model_content(Connection& connection, const Digest& file, const Digest& graph);
void insert_vector_content(Connection& connection, const Digest& file, const VectorContent& content);

std::optional<VectorContent> load_vector_content(Connection& connection, const Digest& file);
std::vector<SeenRun> load_seen_runs(Connection& connection);

}  // namespace tinyhil::store
