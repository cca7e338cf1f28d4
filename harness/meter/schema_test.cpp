// SPDX-License-Identifier: Apache-2.0
// The drivers against docs/schema/bench.schema.json: what one knows and the other does not is a bug in
// either.
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <map>

#include "meter.hpp"
#include "testing/folder.hpp"
#include "testing/schema_agreement.hpp"

namespace tinyhil::meter {
namespace {

// The schema of each driver's keys, by the driver's name.
std::map<std::string, test::Json> schemas_of_drivers(const test::Json& schema) {
  std::map<std::string, test::Json> drivers;
  for (const test::Json& one : schema.at("$defs").at("board").at("properties").at("meter").at("oneOf")) {
    const std::string reference = one.at("$ref");
    const test::Json& keys = schema.at(test::Json::json_pointer(reference.substr(1)));
    if (keys.at("properties").contains("driver"))
      drivers[keys.at("properties").at("driver").at("const")] = keys;
  }
  return drivers;
}

test::Json first_example(const test::Json& schema, test::Json property) {
  while (!property.contains("examples")) {
    const std::string reference = property.at("$ref");
    property = schema.at(test::Json::json_pointer(reference.substr(1)));
  }
  return property.at("examples").at(0);
}

test::Json shortest_section(const test::Json& schema, const test::Json& keys) {
  test::Json written = test::Json::object();
  for (const std::string key : keys.at("required"))
    written[key] = first_example(schema, keys.at("properties").at(key));
  return written;
}

TEST(MeterSchema, ListsTheKeysThatTheDriversTake) {
  const test::TestFolder folder;
  folder.write("run-7.trace", "content");
  boost::asio::io_context io;
  const auto load = [&](const std::string& yaml) {
    open_meter(Section::load(folder.write("meter.yaml", yaml)), io.get_executor());
  };
  const test::Json schema = test::read_schema("bench");
  for (const auto& [driver, keys] : schemas_of_drivers(schema)) {
    SCOPED_TRACE(driver);
    test::expect_agreement(
        {schema, keys, shortest_section(schema, keys), test::Json::json_pointer(""), load});
  }
}

TEST(MeterSchema, ListsEveryDriver) {
  std::vector<std::string> listed;
  for (const auto& [driver, keys] : schemas_of_drivers(test::read_schema("bench"))) listed.push_back(driver);
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(meter_drivers()));
}

}  // namespace
}  // namespace tinyhil::meter
