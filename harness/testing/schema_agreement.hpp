// SPDX-License-Identifier: Apache-2.0
// For tests: does a loader accept exactly what the published JSON Schema lists?
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace tinyhil::test {

using Json = nlohmann::ordered_json;

// docs/schema/<kind>.schema.json
Json read_schema(const std::string& kind);

// One mapping that users write, as the schema sees it and within a document that the loader accepts.
struct SchemaPlace {
  Json schema;                                   // the file, for its $defs
  Json mapping;                                  // the subschema: properties, required
  Json document;                                 // loads; its mapping has the required keys only
  Json::json_pointer at;                         // where the mapping lies in the document
  std::function<void(const std::string&)> load;  // of YAML text; throws Error
};

// - each key the schema lists loads with each of its examples,
// - a key is required by both or by neither,
// - the keys that the loader knows are those that the schema lists.
void expect_agreement(const SchemaPlace& place);

}  // namespace tinyhil::test
