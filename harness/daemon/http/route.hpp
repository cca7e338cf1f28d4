// SPDX-License-Identifier: Apache-2.0
// What an HTTP interface is made of: a table of routes, each a verb, a path, the least role, a handler and
// its documentation. The table is the one truth: requests are routed and refused by it, and the OpenAPI
// document is written from it (openapi.hpp). Example:
//
//   asio::awaitable<Reply> show_lease(const Leases& leases, const Request& request);
//
//   Route route;
//   route.path = "/api/v1/leases/{id}";
//   route.least_role = Role::viewer;
//   route.handler = [&leases](const Request& request) { return show_lease(leases, request); };
//   route.documentation.summary = "One lease";
//   route.documentation.replies = {{200, "the lease", R"({"type": "object"})"}};
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "body_sink.hpp"
#include "event_source.hpp"
#include "websocket.hpp"

namespace tinyhil::daemon {

namespace asio = boost::asio;

enum class Verb { get, post, put, patch, remove };  // remove: DELETE

// Each may what the one before it may. A route for nobody is open to everybody; a caller who is nobody gets
// nothing else. A runner is somebody's program, such as a coding agent, that may use what is here but brings
// nothing by which it is judged.
enum class Role { nobody, viewer, runner, user, admin };

const char* to_string(Role role);  // "viewer"

struct Caller {
  std::string name;  // empty: unknown, may still authenticate; the credential tells it, never the request
  Role role = Role::nobody;
  std::string boards{};  // a selector that holds for all that the caller may lease; empty: any
};

using Parameters = std::map<std::string, std::string, std::less<>>;

// Lives until the handler has returned. All texts are as the caller sent them, within the bounds of the
// server; parameters are decoded, UTF-8 and without control characters, and query has only documented ones.
struct Request {
  Verb verb = Verb::get;
  std::string path;  // as sent, without the query
  Parameters path_parameters;
  Parameters query;
  std::string body;              // JSON when the route takes a body, else empty
  BodySink* received = nullptr;  // of a route with a sink: its own, which has the whole body; lent
  Caller caller;
  std::string idempotency_key;  // empty: none, as the three below
  std::string last_event_id;
  std::string if_match;
  std::string if_none_match;
};

struct Header {
  std::string name;
  std::string value;
};

struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  // Beside those of the server; Cache-Control is instead of `no-store`. A value with control characters is a
  // 500.
  std::vector<Header> headers;
  std::unique_ptr<EventSource> events;  // when set, there is no body: server-sent events follow
  std::unique_ptr<Conversation>
      conversation;  // of a route that is a WebSocket: it begins, in place of a reply
};

// May wait as long as it likes; a graceful stop waits a while for it, then cancels it as Asio cancels. It may
// refuse with problem(...) of problem.hpp, or throw an Error.
using Handler = std::function<asio::awaitable<Reply>(const Request&)>;
// Made when the header is admitted, before a byte of the body is read. It may refuse as a handler does, by
// throwing an Error.
using SinkMaker = std::function<std::unique_ptr<BodySink>(const Request&)>;

struct QueryParameter {
  std::string name;
  std::string description;
  std::string schema = R"({"type": "string"})";
};

struct ReplyDocumentation {
  int status = 200;
  std::string description;
  std::string schema;  // empty: no body
  std::string content_type = "application/json";
};

// Schemas are JSON Schema 2020-12, as text.
struct Documentation {
  std::string summary;
  std::string request_schema;         // empty: the route takes no body
  std::vector<QueryParameter> query;  // a request with any other is refused
  std::vector<ReplyDocumentation> replies;
  std::string path_schema = R"({"type": "string"})";  // of each path parameter
};

// What becomes of a handler whose caller closes the connection before its reply.
enum class WhenCallerLeaves {
  finish,  // it goes on, and nobody reads the reply
  cancel,  // as Asio cancels: for what only waits, such as for a place in a queue
};

constexpr std::size_t kBodyMost = 1024UL * 1024;  // bytes, unless the route says otherwise

struct Route {
  Verb verb = Verb::get;
  std::string path;  // a segment in braces is a path parameter
  Role least_role = Role::admin;
  Handler handler;
  Documentation documentation;
  std::size_t body_most = kBodyMost;
  WhenCallerLeaves when_caller_leaves = WhenCallerLeaves::finish;
  SinkMaker sink{};           // when set, bodies are application/octet-stream and go there
  bool is_websocket = false;  // a GET that asks for anything else is refused with 426
  // Its subprotocol, said to who offers it: a browser that offers its token offers one to be spoken, too.
  std::string websocket_protocol{};
};

}  // namespace tinyhil::daemon
