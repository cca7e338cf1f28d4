// SPDX-License-Identifier: Apache-2.0
// What the daemon offers over HTTP: every route, with who may and what it says. Everything is lent and
// outlives the server. Example:
//
//   Server server(io.get_executor(), with_openapi(daemon_routes(parts), "tinyhil", version),
//   options);
#pragma once

#include <vector>

#include "daemon/http/route.hpp"
#include "daemon/service/internal/board_operations.hpp"
#include "daemon/service/internal/campaign_runner.hpp"
#include "daemon/service/internal/keeper.hpp"
#include "daemon/service/internal/kept_campaigns.hpp"
#include "daemon/service/internal/lease_book.hpp"
#include "daemon/service/internal/lease_tokens.hpp"
#include "daemon/service/internal/leased_lines.hpp"

namespace tinyhil::daemon {

struct DaemonParts {
  Keeper& keeper;
  LeaseBook& book;
  LeasedLines& lines;
  BoardOperations& operations;
  CampaignBook& campaigns;
  CampaignRunner& runner;
  BlobStore& blobs;
  const KeptCampaigns& kept;
  const LeaseTokens& tokens;
};

std::vector<Route> daemon_routes(DaemonParts parts);

}  // namespace tinyhil::daemon
