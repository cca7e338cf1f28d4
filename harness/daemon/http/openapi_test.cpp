// SPDX-License-Identifier: Apache-2.0
#include "openapi.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "testing/http_routes.hpp"
#include "testing/live_server.hpp"
#include "testing/raw_connection.hpp"

namespace tinyhil::daemon {

namespace {

using nlohmann::json;

json operation_at(const json& document, const char* path, const char* verb) {
  return document.at("paths").at(path).at(verb);
}

TEST(Openapi, IsServedWithEachRouteOfTheTable) {
  test::Done done;
  std::vector<Route> routes = with_openapi(test::http_routes(done), "tinyhil", "1.2");
  const test::LiveServer server(routes);
  test::RawConnection connection = server.connect();
  const json document = json::parse(connection.ask("GET /api/v1/openapi.json HTTP/1.1\r\n\r\n").body);
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_EQ(document["info"], json::parse(R"({"title": "tinyhil", "version": "1.2"})"));
  std::size_t operations = 0;
  for (const json& path : document["paths"]) operations += path.size();
  EXPECT_EQ(operations, routes.size());
  EXPECT_EQ(operation_at(document, "/api/v1/openapi.json", "get")["x-least-role"], "nobody");
}

TEST(Openapi, DescribesParametersBodiesAndReplies) {
  test::Done done;
  std::vector<Route> routes = test::http_routes(done);
  routes.front().documentation.replies = {{200, "", R"({"type": "array"})"}, {204, "nothing", ""}};
  const json document = openapi(routes, "tinyhil", "1");

  const json health = operation_at(document, "/healthz", "get");
  EXPECT_EQ(health["security"], json::array());
  EXPECT_EQ(health["responses"]["200"]["description"], "OK");
  EXPECT_EQ(health["responses"]["200"]["content"]["application/json"]["schema"]["type"], "array");
  EXPECT_FALSE(health["responses"]["204"].contains("content"));
  EXPECT_EQ(health["responses"]["default"]["$ref"], "#/components/responses/Problem");

  const json board = operation_at(document, "/api/v1/boards/{id}", "put");
  EXPECT_EQ(board["operationId"], "put_api_v1_boards_id");
  EXPECT_EQ(board["x-least-role"], "admin");
  EXPECT_EQ(board["requestBody"]["content"]["application/json"]["schema"]["type"], "object");
  EXPECT_EQ(board["parameters"][0]["name"], "id");
  EXPECT_EQ(board["parameters"][0]["in"], "path");

  EXPECT_EQ(operation_at(document, "/api/v1/boards", "get")["parameters"][1]["name"], "label");
  EXPECT_EQ(operation_at(document, "/api/v1/leases", "post")["parameters"][0]["$ref"],
            "#/components/parameters/IdempotencyKey");
}

TEST(Openapi, HasEachReferenceThatItMakes) {
  test::Done done;
  const json document = openapi(test::http_routes(done), "tinyhil", "1");
  const json flat = document.flatten();
  int references = 0;
  for (const auto& [pointer, value] : flat.items()) {
    if (!pointer.ends_with("/$ref")) continue;
    ++references;
    const std::string target = value.get<std::string>().substr(1);
    EXPECT_TRUE(document.contains(json::json_pointer(target))) << target;
  }
  EXPECT_GT(references, 0);
}

TEST(Openapi, TakesNoSchemaThatIsNoJson) {
  Route route;
  route.path = "/a";
  route.documentation.request_schema = "{";
  EXPECT_THROW(openapi(std::span(&route, 1), "tinyhil", "1"), std::logic_error);
}

}  // namespace

}  // namespace tinyhil::daemon
