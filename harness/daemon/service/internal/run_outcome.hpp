// SPDX-License-Identifier: Apache-2.0
// What `tinyhil run --json` has come to, by its exit code and its document.
#pragma once

#include "daemon/campaigns/internal/campaign_record.hpp"
#include "daemon/campaigns/internal/job_folder.hpp"

namespace tinyhil::daemon {

// With a problem, unless there is a verdict.
CampaignEnd run_outcome(const JobFolder& folder, int exit_code);

}  // namespace tinyhil::daemon
