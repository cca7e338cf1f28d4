// SPDX-License-Identifier: Apache-2.0
#include "schema_agreement.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "complaint.hpp"

namespace tinyhil::test {
namespace {

// JSON with spaces after its colons is YAML.
std::string verdict_on(const SchemaPlace& place, const Json& document) {
  return complaint([&] { place.load(document.dump(1)); });
}

Json examples_of(const SchemaPlace& place, Json property) {
  while (!property.contains("examples")) {
    const std::string reference = property.at("$ref");
    property = place.schema.at(Json::json_pointer(reference.substr(1)));
  }
  return property.at("examples");
}

// Keys of which exactly one is needed: one for each alternative of `oneOf`.
std::set<std::string> alternatives_of(const SchemaPlace& place) {
  std::set<std::string> keys;
  for (const Json& one : place.mapping.value("oneOf", Json::array())) keys.insert(one.at("required").at(0));
  return keys;
}

std::set<std::string> required_of(const SchemaPlace& place) {
  std::set<std::string> keys = place.mapping.value("required", std::set<std::string>());
  for (const std::string& key : alternatives_of(place))
    if (place.document[place.at].contains(key)) keys.insert(key);
  return keys;
}

// `mapping` with `key` set to `example`, and with what the schema says has to go with that key.
void set_example(const SchemaPlace& place, const std::string& key, const Json& example, Json& mapping) {
  const std::set<std::string> alternatives = alternatives_of(place);
  if (alternatives.contains(key))
    for (const std::string& other : alternatives) mapping.erase(other);
  mapping[key] = example;
  if (place.mapping.contains("dependentRequired")) {
    for (const Json& needed : place.mapping["dependentRequired"].value(key, Json::array())) {
      const std::string name = needed;
      if (!mapping.contains(name))
        mapping[name] = examples_of(place, place.mapping["properties"][name]).front();
    }
  }
  const Json conditions = place.mapping.value("dependentSchemas", Json::object());
  if (!conditions.contains(key) || !conditions.at(key).contains("properties")) return;
  for (const auto& [needed, property] : conditions.at(key).at("properties").items())
    mapping[needed] = property.at("const");
}

void expect_examples_load(const SchemaPlace& place) {
  for (const auto& [key, property] : place.mapping.at("properties").items()) {
    for (const Json& example : examples_of(place, property)) {
      Json document = place.document;
      set_example(place, key, example, document[place.at]);
      EXPECT_EQ(verdict_on(place, document), "accepted") << key << ": " << example;
    }
  }
}

void expect_same_required_keys(const SchemaPlace& place) {
  const std::set<std::string> required = required_of(place);
  for (const std::string& key : required) {
    Json document = place.document;
    ASSERT_EQ(document[place.at].erase(key), 1u) << key;
    EXPECT_NE(verdict_on(place, document), "accepted") << "without " << key;
  }
  for (const auto& [key, value] : place.document[place.at].items()) {
    EXPECT_TRUE(required.contains(key))
        << key << " is no required key, so the document does not show that it can be left out";
  }
}

std::set<std::string> words_in_backticks(const std::string& text) {
  std::set<std::string> words;
  for (auto begin = text.find('`'); begin != std::string::npos;) {
    const auto end = text.find('`', begin + 1);
    words.insert(text.substr(begin + 1, end - begin - 1));
    begin = end == std::string::npos ? end : text.find('`', end + 1);
  }
  return words;
}

// A loader that meets an unknown key lists the keys it does know.
void expect_same_known_keys(const SchemaPlace& place) {
  Json document = place.document;
  document[place.at]["unheard_of_key"] = 1;
  const std::string text = verdict_on(place, document);
  const std::string list = "choose one of ";
  ASSERT_NE(text.find(list), std::string::npos) << text;
  std::set<std::string> listed;
  for (const auto& [key, property] : place.mapping.at("properties").items()) listed.insert(key);
  EXPECT_EQ(words_in_backticks(text.substr(text.find(list))), listed);
  EXPECT_EQ(place.mapping.at("additionalProperties"), false);
}

}  // namespace

Json read_schema(const std::string& kind) {
  std::ifstream file(TINYHIL_SOURCE_DIR "/docs/schema/" + kind + ".schema.json");
  return Json::parse(file);
}

void expect_agreement(const SchemaPlace& place) {
  ASSERT_EQ(verdict_on(place, place.document), "accepted");
  expect_examples_load(place);
  expect_same_required_keys(place);
  expect_same_known_keys(place);
}

}  // namespace tinyhil::test
