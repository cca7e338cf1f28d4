// SPDX-License-Identifier: Apache-2.0
// The rules against docs/schema/gate.schema.json: what one knows and the other does not is a bug in either.
#include <gmock/gmock.h>

#include <set>

#include "gate.hpp"
#include "gate/internal/registry.hpp"
#include "testing/folder.hpp"
#include "testing/schema_agreement.hpp"

namespace tinyhil::gate {
namespace {

bool is_rule(const test::Json& definition) {
  return definition.contains("properties") && definition["properties"].contains("test");
}

// The schema of each rule. Where one of several keys is needed, the first of them is taken for the required
// one.
std::vector<test::Json> rules_of(const test::Json& schema) {
  std::vector<test::Json> rules;
  for (const auto& [name, definition] : schema.at("$defs").items()) {
    if (!is_rule(definition)) continue;
    test::Json rule = definition;
    if (rule.contains("anyOf")) {
      for (const test::Json& key : rule["anyOf"][0]["required"]) rule["required"].push_back(key);
    }
    rules.push_back(rule);
  }
  return rules;
}

test::Json first_example(const test::Json& schema, test::Json property) {
  while (!property.contains("examples")) {
    const std::string reference = property.at("$ref");
    property = schema.at(test::Json::json_pointer(reference.substr(1)));
  }
  return property["examples"][0];
}

test::Json shortest_policy(const test::Json& schema, const test::Json& rule) {
  test::Json written = test::Json::object();
  for (const std::string key : rule["required"])
    written[key] = first_example(schema, rule["properties"][key]);
  return {{"policy", "p"}, {"rules", {written}}};
}

TEST(GateSchema, ListsTheKeysThatTheRulesTake) {
  const test::TestFolder folder;
  const test::Json schema = test::read_schema("gate");
  for (const test::Json& rule : rules_of(schema)) {
    SCOPED_TRACE(rule["properties"]["test"].dump());
    test::expect_agreement({schema, rule, shortest_policy(schema, rule), test::Json::json_pointer("/rules/0"),
                            [&](const std::string& yaml) { load_policy(folder.write("gate.yaml", yaml)); }});
  }
}

TEST(GateSchema, ListsEveryRule) {
  const test::Json schema = test::read_schema("gate");
  std::set<std::string> listed;
  for (const test::Json& one : schema["properties"]["rules"]["items"]["oneOf"]) {
    const std::string reference = one.at("$ref");
    listed.insert(schema.at(test::Json::json_pointer(reference.substr(1)))["properties"]["test"]["const"]);
  }
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(rule_names()));
}

}  // namespace
}  // namespace tinyhil::gate
