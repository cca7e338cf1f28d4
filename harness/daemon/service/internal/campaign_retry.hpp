// SPDX-License-Identifier: Apache-2.0
// Whether a campaign is tried again, and where. Only what the bench or a board did wrong is: all else would
// be hidden by it, or come again. Pure. Example:
//
//   if (const auto why = reason_to_retry(end, record)) record = book.try_again(id, {boards, *why});
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/campaigns/internal/campaign_record.hpp"
#include "daemon/farm.hpp"

namespace tinyhil::daemon {

// Of an attempt that ended so. Nothing: it is over, for it has a verdict, failed by another class, or has had
// its retries. A verdict that is an error is a fault of the bench, unless a candidate failed beside it.
std::optional<CampaignProblem> reason_to_retry(const CampaignEnd& end, const CampaignRecord& campaign);

// That which the next attempt asks for: none of the boards that failed, where the selector has another one
// that is in service; else as before.
std::string selector_of_attempt(const CampaignRecord& campaign, const std::vector<BoardEntry>& boards);

}  // namespace tinyhil::daemon
