// SPDX-License-Identifier: Apache-2.0
// The OpenAPI 3.1 document of a table of routes: each with its parameters, body and replies, and
// the problem that any of them may reply with. What it takes to call a route is said as `x-least-role`.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "route.hpp"

namespace tinyhil::daemon {

// A schema in the table that is no JSON is the programmer's mistake: throws std::logic_error with the route.
nlohmann::json openapi(std::span<const Route> routes, const std::string& title, const std::string& version);

// The table with one route more, for everybody: GET /api/v1/openapi.json replies with its document.
std::vector<Route> with_openapi(std::vector<Route> routes, const std::string& title,
                                const std::string& version);

}  // namespace tinyhil::daemon
