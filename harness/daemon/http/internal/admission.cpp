// SPDX-License-Identifier: Apache-2.0
#include "admission.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/nearest.hpp"
#include "daemon/http/problem.hpp"
#include "lower_case.hpp"
#include "target.hpp"
#include "websocket_handshake.hpp"

namespace tinyhil::daemon {

namespace {

using Refusal = std::optional<Reply>;

constexpr std::size_t kNameMost = 255;  // characters of an idempotency key or the id of an event

std::string described(const RequestReader& header) {
  return std::string(header.method()) + " " + std::string(header.target());
}

// Without its port.
std::string host_name(std::string_view authority) {
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return lower_case(authority.substr(0, colon));
}

Refusal check_host(const RequestReader& header, const Peer& peer) {
  const std::string_view host = header.value("Host");
  if (header.count("Host") > 1) return problem(400, "two Host headers", described(header), "send one");
  if (!peer.over_tcp || peer.is_tls) return std::nullopt;
  const std::string name = host_name(host);
  if (name == "127.0.0.1" || name == "localhost" || name == "[::1]") return std::nullopt;
  return problem(421, "this daemon is not `" + name + "`", "Host", "ask http://127.0.0.1:PORT");
}

Refusal check_origin(const RequestReader& header, const Peer& peer) {
  const std::string own_scheme = peer.is_tls ? "https://" : "http://";
  const std::string_view origin = header.value("Origin");
  const bool own =
      header.count("Origin") == 0 ||
      (header.count("Origin") == 1 && lower_case(origin) == own_scheme + lower_case(header.value("Host")));
  const std::string_view site = header.value("Sec-Fetch-Site");
  const bool foreign_page = site == "cross-site" || site == "same-site";
  if (own && !foreign_page) return std::nullopt;
  return problem(403, "pages of other sites may ask nothing", "Origin: " + std::string(origin),
                 "use the page that the daemon itself serves, or the command line");
}

Reply unauthenticated(const std::string& what, const RequestReader& header) {
  Reply reply =
      problem(401, what, described(header), "send `Authorization: Bearer TOKEN`, or use the Unix socket");
  reply.headers.push_back({"WWW-Authenticate", "Bearer"});
  return reply;
}

std::variant<Reply, Caller> identify(const RequestReader& header, const Peer& peer) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view shown = header.value("Authorization");
  const std::optional<std::string> offered = offered_token(header);
  if (!peer.over_tcp || (header.count("Authorization") == 0 && !offered)) return peer.caller;
  const bool is_token =
      header.count("Authorization") == 1 && lower_case(shown.substr(0, kScheme.size())) == kScheme;
  if (header.count("Authorization") > 0 && !is_token)
    return unauthenticated("this is no bearer token", header);
  const std::string_view token = is_token ? shown.substr(kScheme.size()) : std::string_view(*offered);
  if (peer.token && peer.token->is(token)) return peer.token->bearer();
  const Bearer bearer = peer.bearers && *peer.bearers ? (*peer.bearers)(token) : Bearer{};
  if (bearer.caller) return *bearer.caller;
  return unauthenticated(bearer.why_not, header);
}

Refusal check_role(const Route& route, const Caller& caller, const RequestReader& header) {
  if (caller.role >= route.least_role) return std::nullopt;
  if (caller.name.empty()) return unauthenticated("this is not for everybody", header);
  return problem(403, "`" + caller.name + "` may not do this", described(header),
                 "ask an administrator of this bench for the role that it takes");
}

Refusal check_query(const Route& route, const Parameters& query, const RequestReader& header) {
  std::vector<std::string> known;
  for (const QueryParameter& parameter : route.documentation.query) known.push_back(parameter.name);
  for (const auto& [name, value] : query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return problem(400, "there is no parameter `" + name + "`", described(header),
                   known.empty() ? "this route has no parameters" : suggestion(name, known));
  }
  return std::nullopt;
}

const char* body_type(const Route& route) {
  return route.sink ? "application/octet-stream" : "application/json";
}

bool is_type(std::string_view media_type, std::string_view wanted) {
  std::string type = lower_case(media_type.substr(0, media_type.find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  return type == wanted;
}

Refusal check_body(const Route& route, const RequestReader& header) {
  const bool takes_body = !route.documentation.request_schema.empty();
  const std::size_t most = takes_body ? route.body_most : 0;
  if (header.length().value_or(0) > most || (!takes_body && header.has_body())) {
    return problem(413, takes_body ? "the body is too large" : "this route takes no body", described(header),
                   "send at most " + std::to_string(most) + " bytes");
  }
  const bool says_type = header.count("Content-Type") > 0;
  const bool right_type =
      header.count("Content-Type") == 1 && is_type(header.value("Content-Type"), body_type(route));
  if ((says_type || header.has_body()) && route.verb != Verb::get && !right_type) {
    return problem(415, route.sink ? "the body has to be bytes" : "the body has to be JSON",
                   described(header), "send `Content-Type: " + std::string(body_type(route)) + "`");
  }
  if (header.count("Content-Encoding") > 0) {
    return problem(415, "the body must not be encoded", described(header), "send it as it is");
  }
  if (header.count("Expect") == 0 || lower_case(header.value("Expect")) == "100-continue")
    return std::nullopt;
  return problem(417, "only 100-continue can be expected", described(header), "leave `Expect` out");
}

Refusal check_names(const Request& request, const RequestReader& header) {
  for (const std::string* name :
       {&request.idempotency_key, &request.last_event_id, &request.if_match, &request.if_none_match}) {
    if (name->size() <= kNameMost) continue;
    return problem(400, "a key or id has more than 255 characters", described(header),
                   "choose a shorter one");
  }
  return std::nullopt;
}

Reply not_there(const Target& target, const std::set<Verb>& verbs, const RequestReader& header) {
  const std::string document = "see /api/v1/openapi.json for what there is";
  if (verbs.empty()) return problem(404, "there is no `" + target.path + "`", described(header), document);
  const std::string allowed = allow(verbs);
  Reply reply = problem(405, "this path takes " + allowed, described(header), document);
  reply.headers.push_back({"Allow", allowed});
  return reply;
}

Request request_of(const RequestReader& header) {
  Request request;
  request.idempotency_key = header.value("Idempotency-Key");
  request.last_event_id = header.value("Last-Event-ID");
  request.if_match = header.value("If-Match");
  request.if_none_match = header.value("If-None-Match");
  return request;
}

Refusal check_whole(const Admitted& admitted, const RequestReader& header) {
  if (Refusal refusal = check_role(*admitted.route, admitted.request.caller, header)) return refusal;
  if (Refusal refusal = check_query(*admitted.route, admitted.request.query, header)) return refusal;
  if (Refusal refusal = check_body(*admitted.route, header)) return refusal;
  if (admitted.route->is_websocket)
    if (Refusal refusal = upgrade_mistake(header)) return refusal;
  return check_names(admitted.request, header);
}

using Judged = std::variant<NotAdmitted, Admitted>;

Judged admit_from(Caller caller, Target target, const Router& router, const RequestReader& header) {
  Admitted admitted;
  admitted.is_head = header.method() == "HEAD";
  const std::optional<Verb> verb = admitted.is_head ? Verb::get : verb_named(header.method());
  Router::Found found = router.find(verb.value_or(Verb::get), target.segments);
  if (!verb || !found.route) return NotAdmitted{not_there(target, found.verbs, header), std::move(caller)};
  admitted.route = found.route;
  admitted.request = request_of(header);
  admitted.request.verb = *verb;
  admitted.request.path = std::move(target.path);
  admitted.request.path_parameters = std::move(found.parameters);
  admitted.request.query = std::move(target.query);
  admitted.request.caller = std::move(caller);
  if (Refusal refusal = check_whole(admitted, header))
    return NotAdmitted{std::move(*refusal), std::move(admitted.request.caller)};
  return admitted;
}

}  // namespace

Judged admit(const Router& router, const RequestReader& header, const Peer& peer) {
  if (Refusal refusal = check_host(header, peer)) return NotAdmitted{std::move(*refusal), peer.caller};
  if (Refusal refusal = check_origin(header, peer)) return NotAdmitted{std::move(*refusal), peer.caller};
  std::optional<Target> target = parse_target(header.target());
  if (!target) {
    const std::string what = "this is no path and query";
    return NotAdmitted{problem(400, what, described(header), "see RFC 3986"), peer.caller};
  }
  std::variant<Reply, Caller> caller = identify(header, peer);
  if (Reply* refusal = std::get_if<Reply>(&caller)) return NotAdmitted{std::move(*refusal), Caller{}};
  return admit_from(std::get<Caller>(std::move(caller)), std::move(*target), router, header);
}

}  // namespace tinyhil::daemon
