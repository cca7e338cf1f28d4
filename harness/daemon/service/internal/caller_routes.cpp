// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "daemon/service/internal/routes.hpp"

namespace tinyhil::daemon {

namespace {

constexpr const char* kCallerSchema = R"({
  "type": "object",
  "required": ["name", "role"],
  "properties": {
    "name": {"type": "string", "description": "empty: not known, and may look"},
    "role": {"enum": ["nobody", "viewer", "runner", "user", "admin"]}
  }
})";

asio::awaitable<Reply> show_caller(const Request& request) {
  co_return reply_with(200, {{"name", request.caller.name}, {"role", to_string(request.caller.role)}});
}

}  // namespace

void add_caller_routes(std::vector<Route>& routes) {
  routes.push_back(
      {Verb::get,
       "/api/v1/me",
       Role::nobody,
       [](const Request& request) { return show_caller(request); },
       {"Who asks, by the credential, and what they may", "", {}, {{200, "the caller", kCallerSchema}}}});
}

}  // namespace tinyhil::daemon
