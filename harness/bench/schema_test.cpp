// SPDX-License-Identifier: Apache-2.0
// The drivers against docs/schema/bench.schema.json: what one knows and the other does not is a bug in
// either.
#include <gmock/gmock.h>

#include <map>

#include "board_access.hpp"
#include "testing/folder.hpp"
#include "testing/schema_agreement.hpp"

namespace tinyhil::bench {
namespace {

// The schema of each driver's link, by the driver's name.
std::map<std::string, test::Json> links_of(const test::Json& schema) {
  std::map<std::string, test::Json> links;
  for (const test::Json& one : schema.at("$defs").at("board").at("properties").at("link").at("oneOf")) {
    const std::string reference = one.at("$ref");
    const test::Json& link = schema.at(test::Json::json_pointer(reference.substr(1)));
    links[link.at("properties").at("driver").at("const")] = link;
  }
  return links;
}

test::Json shortest_bench(const test::Json& link) {
  test::Json written = test::Json::object();
  for (const std::string key : link.at("required"))
    written[key] = link.at("properties").at(key).at("examples").at(0);
  const test::Json board = {
      {"name", "b1"}, {"provenance", "real"}, {"image", "agent.elf"}, {"link", written}};
  return {{"bench", "desk"}, {"boards", {board}}};
}

TEST(BenchSchema, ListsTheKeysThatTheDriversTake) {
  const test::TestFolder folder;
  folder.write("agent.elf", "content");
  const auto load = [&](const std::string& yaml) {
    const Bench bench = load_bench(folder.write("bench.yaml", yaml));
    board_access(bench.boards.front());
  };
  const test::Json schema = test::read_schema("bench");
  for (const auto& [driver, link] : links_of(schema)) {
    SCOPED_TRACE(driver);
    test::expect_agreement(
        {schema, link, shortest_bench(link), test::Json::json_pointer("/boards/0/link"), load});
  }
}

TEST(BenchSchema, ListsTheKeysOfAPowerSwitch) {
  const test::TestFolder folder;
  const auto load = [&](const std::string& yaml) {
    board_access(load_bench(folder.write("bench.yaml", yaml)).boards.front());
  };
  const test::Json schema = test::read_schema("bench");
  test::Json document = shortest_bench(schema.at("$defs").at("tcp"));
  document["boards"][0]["power"] = {{"command", {"true"}}};
  document["boards"][0].erase("image");
  test::expect_agreement(
      {schema, schema.at("$defs").at("power"), document, test::Json::json_pointer("/boards/0/power"), load});
}

TEST(BenchSchema, ListsEveryDriver) {
  std::vector<std::string> listed;
  for (const auto& [driver, link] : links_of(test::read_schema("bench"))) listed.push_back(driver);
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(board_drivers()));
}

}  // namespace
}  // namespace tinyhil::bench
