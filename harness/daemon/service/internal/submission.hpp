// SPDX-License-Identifier: Apache-2.0
// A request to run a campaign, read and held to its bounds.
#pragma once

#include "daemon/campaigns/internal/blob_store.hpp"
#include "daemon/campaigns/internal/campaign_record.hpp"
#include "daemon/http/route.hpp"

namespace tinyhil::daemon {

// Its name is the campaign file's, unless the request has another. Throws Error(usage).
CampaignWish submission_in(const Request& request, const BlobStore& blobs);

extern const char* const kSubmissionSchema;

}  // namespace tinyhil::daemon
