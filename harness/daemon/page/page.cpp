// SPDX-License-Identifier: Apache-2.0
#include "page.hpp"

#include <string>
#include <utility>

#include "base/digest.hpp"
#include "daemon/page/internal/page_file.hpp"

namespace tinyhil::daemon {

namespace {

// Scripts and styles only from the daemon itself and none inside the page; frames for reports alone.
constexpr const char* kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

std::string tag_of(const PageFile& file) {
  return '"' + Sha256().add(file.bytes).finish().hex().substr(0, 32) + '"';
}

Reply reply_with(const PageFile& file, const std::string& tag, const Request& request) {
  Reply reply;
  reply.headers = {
      {"ETag", tag},
      {"Cache-Control", file.has_name_of_content ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Content-Security-Policy", kContentSecurityPolicy},
      {"Referrer-Policy", "no-referrer"}};
  if (request.if_none_match == tag) {
    reply.status = 304;
    return reply;
  }
  reply.content_type = file.type;
  reply.body = file.bytes;
  if (!file.encoding.empty()) reply.headers.push_back({"Content-Encoding", std::string(file.encoding)});
  return reply;
}

asio::awaitable<Reply> give(const PageFile& file, const std::string& tag, const Request& request) {
  co_return reply_with(file, tag, request);
}

Route route_of(const PageFile& file) {
  Route route;
  route.verb = Verb::get;
  route.path = file.path;
  route.least_role = Role::nobody;
  route.handler = [&file, tag = tag_of(file)](const Request& request) { return give(file, tag, request); };
  route.documentation.summary = "The web page";
  route.documentation.replies = {{200, "a file of the page", R"({"type": "string"})", std::string(file.type)},
                                 {304, "the caller has it", "", ""}};
  return route;
}

}  // namespace

std::vector<Route> page_routes() {
  std::vector<Route> routes;
  for (const PageFile& file : page_files()) routes.push_back(route_of(file));
  return routes;
}

}  // namespace tinyhil::daemon
