// SPDX-License-Identifier: Apache-2.0
// The rules against docs/schema/gate.schema.json: what one knows and the other does not is a bug in either.
#include <gmock/gmock.h>

#include <set>

#include "gate.hpp"
#include "registry.hpp"
#include "testing/folder.hpp"
#include "testing/schema_agreement.hpp"

namespace tinyhil {
namespace {

bool is_rule(const Json& definition) {
  return definition.contains("properties") && definition["properties"].contains("test");
}

// The schema of each rule. Where one of several keys is needed, the first of them is taken for the required
// one.
std::vector<Json> rules_of(const Json& schema) {
  std::vector<Json> rules;
  for (const auto& [name, definition] : schema.at("$defs").items()) {
    if (!is_rule(definition)) continue;
    Json rule = definition;
    if (rule.contains("anyOf")) {
      for (const Json& key : rule["anyOf"][0]["required"]) rule["required"].push_back(key);
    }
    rules.push_back(rule);
  }
  return rules;
}

Json first_example(const Json& schema, Json property) {
  while (!property.contains("examples")) {
    const std::string reference = property.at("$ref");
    property = schema.at(Json::json_pointer(reference.substr(1)));
  }
  return property["examples"][0];
}

Json shortest_policy(const Json& schema, const Json& rule) {
  Json written = Json::object();
  for (const std::string key : rule["required"])
    written[key] = first_example(schema, rule["properties"][key]);
  return {{"policy", "p"}, {"rules", {written}}};
}

TEST(GateSchema, ListsTheKeysThatTheRulesTake) {
  const TestFolder folder;
  const Json schema = read_schema("gate");
  for (const Json& rule : rules_of(schema)) {
    SCOPED_TRACE(rule["properties"]["test"].dump());
    expect_agreement({schema, rule, shortest_policy(schema, rule), Json::json_pointer("/rules/0"),
                      [&](const std::string& yaml) { load_policy(folder.write("gate.yaml", yaml)); }});
  }
}

TEST(GateSchema, ListsEveryRule) {
  const Json schema = read_schema("gate");
  std::set<std::string> listed;
  for (const Json& one : schema["properties"]["rules"]["items"]["oneOf"]) {
    const std::string reference = one.at("$ref");
    listed.insert(schema.at(Json::json_pointer(reference.substr(1)))["properties"]["test"]["const"]);
  }
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(rule_names()));
}

}  // namespace
}  // namespace tinyhil
