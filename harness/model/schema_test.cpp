// SPDX-License-Identifier: Apache-2.0
// The loaders against docs/schema/: what one knows and the other does not is a bug in either.
#include <gtest/gtest.h>

#include "bench.hpp"
#include "campaign.hpp"
#include "testing/folder.hpp"
#include "testing/schema_agreement.hpp"

namespace tinyhil {
namespace {

class Schema : public testing::Test {
 protected:
  Schema() {
    for (const char* file : {"vectors.npz", "gate.yaml", "bench.yaml", "agent.elf", "models/shipped.tflite",
                             "models/slim.tflite"})
      folder.write(file, "content");
  }

  SchemaPlace campaign(const std::string& pointer, const Json& mapping) const {
    return {read_schema("campaign"), mapping, Json::parse(R"({
              "campaign": "wake-word", "vectors": "vectors.npz", "gate": "gate.yaml",
              "models": {"shipped": {"file": "models/shipped.tflite"}, "slim": {"file": "models/slim.tflite"}},
              "baseline": "shipped", "candidates": ["slim"]})"),
            Json::json_pointer(pointer),
            [this](const std::string& yaml) { load_campaign(folder.write("campaign.yaml", yaml)); }};
  }

  SchemaPlace bench(const std::string& pointer, const Json& mapping) const {
    return {read_schema("bench"), mapping, Json::parse(R"({
              "bench": "desk",
              "boards": [{"name": "m4", "provenance": "real", "link": {"driver": "serial"}}]})"),
            Json::json_pointer(pointer),
            [this](const std::string& yaml) { load_bench(folder.write("bench-under-test.yaml", yaml)); }};
  }

  TestFolder folder;
};

TEST_F(Schema, OfACampaignListsTheKeysThatTheLoaderTakes) {
  expect_agreement(campaign("", read_schema("campaign")));
}

TEST_F(Schema, OfAModelListsTheKeysThatTheLoaderTakes) {
  expect_agreement(campaign("/models/slim", read_schema("campaign").at("$defs").at("model")));
}

TEST_F(Schema, OfABenchListsTheKeysThatTheLoaderTakes) { expect_agreement(bench("", read_schema("bench"))); }

TEST_F(Schema, OfABoardListsTheKeysThatTheLoaderTakes) {
  expect_agreement(bench("/boards/0", read_schema("bench").at("$defs").at("board")));
}

}  // namespace
}  // namespace tinyhil
