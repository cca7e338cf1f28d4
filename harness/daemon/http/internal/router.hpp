// SPDX-License-Identifier: Apache-2.0
// Which route of the table a request means. A literal segment is preferred to a parameter.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/route.hpp"

namespace tinyhil::daemon {

std::string_view verb_name(Verb verb);                                // "DELETE"
std::optional<Verb> verb_named(std::string_view name);                // HEAD is asked as GET, so it is none
std::optional<std::string> parameter_name(std::string_view segment);  // "{id}" -> "id"
std::string allow(const std::set<Verb>& verbs);  // as the header of this name says it, with HEAD beside GET

class Router {
 public:
  // A table that cannot be meant, by the programmer's mistake, is an assertion: a path without a slash or
  // with an empty name, the same verb and path twice, a route without a handler.
  explicit Router(std::vector<Route> routes);

  struct Found {
    const Route* route = nullptr;  // none with this verb...
    Parameters parameters;
    std::set<Verb> verbs;  // ... though the path has these; empty: the path is unknown
  };
  Found find(Verb verb, std::span<const std::string> segments) const;

  std::span<const Route> routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace tinyhil::daemon
