// SPDX-License-Identifier: Apache-2.0
// A request to run a campaign, read and held to its bounds.
#pragma once

#include "daemon/campaigns/internal/blob_store.hpp"
#include "daemon/campaigns/internal/campaign_record.hpp"
#include "daemon/http/route.hpp"
#include "formats/section.hpp"

namespace tinyhil::daemon {

// Its name is the campaign file's, unless the request has another. Throws Error(usage).
CampaignWish submission_in(const Request& request, const BlobStore& blobs);

// Parts of it, for other requests that run a campaign. A mapping of names to SHA-256s.
std::map<std::string, Digest> digests_in(const Section& section, const std::string& key);
// `selector`, confined to what the caller may lease, `boards`, `priority` and `purpose`.
void read_where_to_run(const Section& section, const Caller& caller, CampaignWish& wish);

extern const char* const kSubmissionSchema;

}  // namespace tinyhil::daemon
