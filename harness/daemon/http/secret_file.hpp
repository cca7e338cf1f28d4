// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace tinyhil::daemon {

// Throws Error(usage) when a file that is there is not ours or root's, or others may read or change it.
// `what`: "the token", for the sentence.
void check_secrecy(const std::filesystem::path& file, const std::string& what);

}  // namespace tinyhil::daemon
