// SPDX-License-Identifier: Apache-2.0
// The daemon's web page, as routes: `/` and what it loads below `/assets/`. It is bundled when tinyhil is
// built (src/) and lies in the program, so that a browser fetches nothing from anywhere else. Example:
//
//   for (Route& route : page_routes()) routes.push_back(std::move(route));
#pragma once

#include <vector>

#include "daemon/http/route.hpp"

namespace tinyhil::daemon {

// For everybody: the page itself holds nothing that the interface does not give to who asks it. In a build
// without the page (TINYHIL_PAGE=OFF) `/` says so.
std::vector<Route> page_routes();

}  // namespace tinyhil::daemon
