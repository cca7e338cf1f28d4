// SPDX-License-Identifier: Apache-2.0
// Opening the database: found or made, known to be ours, migrated, and with its log in place.
#pragma once

#include <filesystem>

#include "connection.hpp"

namespace tinyhil {

Connection open_for_writing(const std::filesystem::path& file);
Connection open_for_reading(const std::filesystem::path& file);

}  // namespace tinyhil
