// SPDX-License-Identifier: Apache-2.0
// A campaign that somebody else has sent, with the files that it names.
#pragma once

#include <filesystem>

#include "campaign.hpp"

namespace tinyhil {

// load_campaign() (campaign.hpp) with all files that it names below `root`, an absolute path, whatever its
// paths say: an absolute one begins at the root, and so does one that would lead out of it. `bench` is left
// out.
Campaign load_campaign_within(const std::filesystem::path& file, const std::filesystem::path& root);

}  // namespace tinyhil
