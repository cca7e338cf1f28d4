// SPDX-License-Identifier: Apache-2.0
// Who begins a run, and where. Nothing here fails: what cannot be found out is empty.
#pragma once

#include <filesystem>
#include <string>

namespace tinyhil::campaign {

std::string machine_name();  // of the host, as `uname -n`
std::string user_name();     // of the operating system; "uid 1000" for one without a name

// Which commit of Git is checked out where the folder lies: its hex digits, then "-dirty" when files that Git
// knows differ from it. Asks the program `git`, for 5 seconds at most; empty where there is no answer.
std::string commit_of(const std::filesystem::path& folder);

}  // namespace tinyhil::campaign
