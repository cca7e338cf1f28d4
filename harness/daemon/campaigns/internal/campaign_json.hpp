// SPDX-License-Identifier: Apache-2.0
// Parts of a campaign's record as JSON: for the ledger and for the interface. What is read was written here.
#pragma once

#include <nlohmann/json.hpp>

#include "campaign_record.hpp"

namespace tinyhil::daemon {

nlohmann::ordered_json json_of(const CampaignWish& wish);
nlohmann::ordered_json json_of(const CampaignEnd& end);
nlohmann::ordered_json json_of(const CampaignProblem& problem);
nlohmann::ordered_json json_of(const std::vector<FailedAttempt>& attempts);

// Throws nlohmann::json::exception for anything that json_of() has not written.
CampaignWish wish_in(const nlohmann::ordered_json& json);
CampaignEnd end_in(const nlohmann::ordered_json& json);

}  // namespace tinyhil::daemon
