// SPDX-License-Identifier: Apache-2.0
// What the daemon's interface says of campaigns, as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/campaigns/internal/campaign_record.hpp"
#include "daemon/service/internal/campaign_job.hpp"

namespace tinyhil::daemon {

nlohmann::ordered_json document_of(const CampaignRecord& record, const BoardProgress& progress,
                                   const std::vector<RequestId>& leases);

// The line of the events that says that the document has changed.
std::string state_event(const CampaignRecord& record, const BoardProgress& progress);

extern const char* const kCampaignSchema;

}  // namespace tinyhil::daemon
