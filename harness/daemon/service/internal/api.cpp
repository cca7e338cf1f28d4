// SPDX-License-Identifier: Apache-2.0
#include "api.hpp"

#include "daemon/service/internal/routes.hpp"

namespace tinyhil::daemon {

std::vector<Route> daemon_routes(Office office) {
  std::vector<Route> routes;
  add_lease_routes(routes, office);
  add_board_routes(routes, office);
  add_watching_routes(routes, office);
  return routes;
}

}  // namespace tinyhil::daemon
