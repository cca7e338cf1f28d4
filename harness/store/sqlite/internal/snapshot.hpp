// SPDX-License-Identifier: Apache-2.0
// One run as a database of its own.
#pragma once

#include <cstdint>
#include <filesystem>

#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

// Throws Error(usage) when there is no such run or `file` exists.
void copy_run(Connection& from, std::int64_t run, const std::filesystem::path& file);

}  // namespace tinyhil::store
