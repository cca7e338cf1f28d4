// SPDX-License-Identifier: Apache-2.0
// The files that a campaign needs where it runs, with paths by which it finds them there.
#pragma once

#include <optional>
#include <string>

#include "daemon_run.hpp"
#include "model/campaign.hpp"

namespace tinyhil::app {

struct Parcel {
  SentFiles files;
  std::string campaign;  // path of the campaign file among them
  std::string image;     // of the firmware that the boards have to run; empty: none
};

// Of a campaign with all its models, as the file names them. Throws Error(usage) for what cannot be read.
Parcel parcel_of(const Campaign& campaign, const std::optional<std::filesystem::path>& image);

}  // namespace tinyhil::app
