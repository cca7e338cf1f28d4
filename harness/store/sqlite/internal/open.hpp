// SPDX-License-Identifier: Apache-2.0
// Opening the database: found or made, known to be ours, migrated, and with its log in place.
#pragma once

#include <filesystem>

#include "store/sqlite/connection.hpp"

namespace tinyhil::store {

Connection open_for_writing(const std::filesystem::path& file);
Connection open_for_reading(const std::filesystem::path& file);

// Brings a copy of a database to the latest version, and says whether it was of an older one. It may be from
// a stranger: unless its schema is what tinyhil makes of its version, nothing in it runs. Error(bench_fault)
// then, whose `where` is the file and the part that differs.
bool upgrade_copy(const std::filesystem::path& file);

}  // namespace tinyhil::store
