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

  test::SchemaPlace campaign(const std::string& pointer, const test::Json& mapping) const {
    return {test::read_schema("campaign"), mapping, test::Json::parse(R"({
              "campaign": "wake-word", "vectors": "vectors.npz", "gate": "gate.yaml",
              "models": {"shipped": {"file": "models/shipped.tflite"}, "slim": {"file": "models/slim.tflite"}},
              "baseline": "shipped", "candidates": ["slim"]})"),
            test::Json::json_pointer(pointer),
            [this](const std::string& yaml) { load_campaign(folder.write("campaign.yaml", yaml)); }};
  }

  test::SchemaPlace bench(const std::string& pointer, const test::Json& mapping) const {
    return {test::read_schema("bench"), mapping, test::Json::parse(R"({
              "bench": "desk",
              "boards": [{"name": "m4", "provenance": "real", "link": {"driver": "serial"}}]})"),
            test::Json::json_pointer(pointer),
            [this](const std::string& yaml) { load_bench(folder.write("bench-under-test.yaml", yaml)); }};
  }

  test::TestFolder folder;
};

TEST_F(Schema, OfACampaignListsTheKeysThatTheLoaderTakes) {
  test::expect_agreement(campaign("", test::read_schema("campaign")));
}

TEST_F(Schema, OfAModelListsTheKeysThatTheLoaderTakes) {
  test::expect_agreement(campaign("/models/slim", test::read_schema("campaign").at("$defs").at("model")));
}

TEST_F(Schema, OfAnEnergyPlanListsTheKeysThatTheLoaderTakes) {
  test::SchemaPlace place = campaign("/energy", test::read_schema("campaign").at("$defs").at("energy"));
  place.document["energy"] = test::Json::object();
  test::expect_agreement(place);
}

TEST_F(Schema, OfABenchListsTheKeysThatTheLoaderTakes) {
  test::expect_agreement(bench("", test::read_schema("bench")));
}

TEST_F(Schema, OfABoardListsTheKeysThatTheLoaderTakes) {
  test::expect_agreement(bench("/boards/0", test::read_schema("bench").at("$defs").at("board")));
}

}  // namespace
}  // namespace tinyhil
