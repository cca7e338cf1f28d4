// SPDX-License-Identifier: Apache-2.0
#include "api.hpp"

#include <utility>

#include "daemon/page/page.hpp"
#include "daemon/service/internal/routes.hpp"

namespace tinyhil::daemon {

std::vector<Route> daemon_routes(DaemonParts parts) {
  std::vector<Route> routes;
  add_lease_routes(routes, parts);
  add_line_routes(routes, parts);
  add_operation_routes(routes, parts);
  add_board_routes(routes, parts);
  add_watching_routes(routes, parts);
  add_caller_routes(routes);
  for (Route& route : page_routes()) routes.push_back(std::move(route));
  add_blob_routes(routes, parts);
  add_campaign_routes(routes, parts);
  add_kept_routes(routes, parts);
  add_campaign_file_routes(routes, parts);
  add_trace_routes(routes, parts);
  return routes;
}

}  // namespace tinyhil::daemon
