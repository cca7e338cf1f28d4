// SPDX-License-Identifier: Apache-2.0
// The routes of the daemon's interface, by what they are about.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "daemon/service/internal/api.hpp"

namespace tinyhil::daemon {

void add_lease_routes(std::vector<Route>& routes, DaemonParts parts);
void add_board_routes(std::vector<Route>& routes, DaemonParts parts);
void add_line_routes(std::vector<Route>& routes, DaemonParts parts);  // a leased board from another machine
void add_operation_routes(std::vector<Route>& routes, DaemonParts parts);  // its reset, power, firmware
void add_watching_routes(std::vector<Route>& routes, DaemonParts parts);   // events, audit, metrics, health
void add_caller_routes(std::vector<Route>& routes);                        // who asks

// The lease that the path names. Throws Error(not_found) for what can be none.
RequestId lease_in(const Request& request);
// The same lease, of its owner alone, as long as it is held, with the epoch of the query. Throws
// Error(not_allowed), Error(lease_lost).
LeaseRecord held_lease(const DaemonParts& parts, const Request& request);
QueryParameter epoch_parameter();

void add_blob_routes(std::vector<Route>& routes, DaemonParts parts);  // uploads
void add_campaign_routes(std::vector<Route>& routes, DaemonParts parts);
void add_kept_routes(std::vector<Route>& routes, DaemonParts parts);
void add_campaign_file_routes(std::vector<Route>& routes, DaemonParts parts);  // what a run has left
void add_trace_routes(std::vector<Route>& routes, DaemonParts parts);          // the current over a run

// Of the path's `id`. Throws Error(not_found) when there is no such campaign.
CampaignRecord campaign_in(const DaemonParts& parts, const Request& request);

extern const char* const kNumberSchema;  // of an `id` in a path
// That `id`. Throws Error(not_found), which says that there is no such `noun`, for what can be none.
std::uint64_t path_number(const Request& request, const std::string& noun);

struct Owned {
  std::string subject;  // "lease 12"
  std::string owner;
};
// Of another owner only an administrator may do something: else it stands in the audit under `what`, and
// Error(not_allowed) is thrown.
void check_owner(const DaemonParts& parts, const Request& request, const Owned& owned, const char* what);

// Nothing for what is no SHA-256 in 64 lower-case digits.
std::optional<Digest> sha256_in(const std::string& text);

// A reply with this document.
Reply reply_with(int status, const nlohmann::ordered_json& document);

// The number of a query's parameter, from `low` to `high`; `fallback` when it is not there. Throws
// Error(usage).
std::int64_t query_number(const Request& request, const std::string& name, std::int64_t fallback,
                          std::int64_t high);

}  // namespace tinyhil::daemon
