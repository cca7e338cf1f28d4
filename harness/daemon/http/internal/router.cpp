// SPDX-License-Identifier: Apache-2.0
#include "router.hpp"

#include <array>
#include <cassert>
#include <utility>

#include "target.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::array<std::pair<Verb, std::string_view>, 5> kVerbs{{
    {Verb::get, "GET"},
    {Verb::post, "POST"},
    {Verb::put, "PUT"},
    {Verb::patch, "PATCH"},
    {Verb::remove, "DELETE"},
}};

struct PathMatch {
  Parameters parameters;
  std::string literals;  // a 1 for each literal segment, a 0 for each parameter: the greatest is preferred
};

std::optional<PathMatch> match(const Route& route, std::span<const std::string> segments) {
  const std::vector<std::string_view> pattern = split(std::string_view(route.path).substr(1), '/');
  if (pattern.size() != segments.size()) return std::nullopt;
  PathMatch matched;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::optional<std::string> name = parameter_name(pattern[i]);
    if (name ? segments[i].empty() : pattern[i] != segments[i]) return std::nullopt;
    if (name) matched.parameters[*name] = segments[i];
    matched.literals += name ? '0' : '1';
  }
  return matched;
}

bool is_route(const Route& route) {
  if (route.path.empty() || route.path.front() != '/' || !route.handler) return false;
  for (const std::string_view segment : split(route.path, '/')) {
    const std::optional<std::string> name = parameter_name(segment);
    if (name ? name->empty() : segment.find_first_of("{}%?") != std::string_view::npos) return false;
  }
  return true;
}

bool are_routes(const std::vector<Route>& routes) {
  for (const Route& route : routes) {
    if (!is_route(route)) return false;
    for (const Route& other : routes) {
      if (&other != &route && other.verb == route.verb && other.path == route.path) return false;
    }
  }
  return true;
}

}  // namespace

std::string_view verb_name(Verb verb) {
  for (const auto& [known, name] : kVerbs) {
    if (known == verb) return name;
  }
  return "";
}

std::optional<Verb> verb_named(std::string_view name) {
  for (const auto& [verb, known] : kVerbs) {
    if (known == name) return verb;
  }
  return std::nullopt;
}

std::optional<std::string> parameter_name(std::string_view segment) {
  const bool in_braces = segment.size() >= 2 && segment.front() == '{' && segment.back() == '}';
  return in_braces ? std::optional(std::string(segment.substr(1, segment.size() - 2))) : std::nullopt;
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) { assert(are_routes(routes_)); }

Router::Found Router::find(Verb verb, std::span<const std::string> segments) const {
  Found found;
  std::string best;
  for (const Route& route : routes_) {
    std::optional<PathMatch> matched = match(route, segments);
    if (!matched) continue;
    found.verbs.insert(route.verb);
    if (route.verb != verb || (found.route && matched->literals <= best)) continue;
    found.route = &route;
    found.parameters = std::move(matched->parameters);
    best = matched->literals;
  }
  return found;
}

std::string allow(const std::set<Verb>& verbs) {
  std::string list;
  for (const Verb verb : verbs) {
    list += (list.empty() ? "" : ", ") + std::string(verb_name(verb));
    if (verb == Verb::get) list += ", HEAD";
  }
  return list;
}

}  // namespace tinyhil::daemon
