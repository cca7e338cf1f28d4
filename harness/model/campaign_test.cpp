// SPDX-License-Identifier: Apache-2.0
#include "campaign.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil {
namespace {

using namespace std::chrono_literals;

constexpr char kCampaign[] =
    "campaign: wake-word\n"
    "vectors: vectors.npz\n"
    "models:\n"
    "  slim:    {file: models/slim.tflite}\n"
    "  shipped: {file: models/shipped.tflite, golden: golden_shipped}\n"
    "  unused:  {file: models/never_made.tflite}\n"
    "baseline: shipped\n"
    "candidates: [slim]\n"
    "gate: gate.yaml\n";

class CampaignFile : public testing::Test {
 protected:
  CampaignFile() {
    folder.write("vectors.npz", "npz");
    folder.write("gate.yaml", "policy: p\n");
    folder.write("models/slim.tflite", "slim model");
    folder.write("models/shipped.tflite", "shipped model");
  }

  Campaign load(std::string_view yaml) const { return load_campaign(folder.write("campaign.yaml", yaml)); }

  // What a user reads after replacing `from` with `to` in the good campaign.
  std::string after_change(const std::string& from, const std::string& to) const {
    std::string yaml = kCampaign;
    yaml.replace(yaml.find(from), from.size(), to);
    return test::complaint([&] { load(yaml); }, folder.path());
  }

  test::TestFolder folder;
};

TEST_F(CampaignFile, LoadsWithTheModelsItUsesInTheFilesOrder) {
  const Campaign campaign = load(kCampaign);
  EXPECT_EQ(campaign.name, "wake-word");
  EXPECT_EQ(campaign.vectors, folder.path() / "vectors.npz");
  EXPECT_EQ(campaign.policy, folder.path() / "gate.yaml");
  ASSERT_EQ(campaign.models.size(), 2u);
  EXPECT_EQ(campaign.models[0].name, "slim");
  EXPECT_EQ(campaign.models[0].golden, std::nullopt);
  EXPECT_EQ(campaign.model("shipped").golden, "golden_shipped");
  EXPECT_EQ(campaign.model("shipped").digest, sha256("shipped model"));
  EXPECT_EQ(campaign.model("shipped").content.size(), 13u);
  EXPECT_EQ(campaign.digest, sha256(kCampaign));
}

TEST_F(CampaignFile, IsFoundAgainWhereItsFilesWereMoved) {
  folder.write("moved/v.npz", "npz");
  folder.write("moved/p.yaml", "policy: p\n");
  folder.write("moved/shipped.tflite", "shipped model");
  folder.write("moved/slim.tflite", "another slim model");
  const auto there = folder.path() / "moved";
  const auto file = folder.write("campaign.yaml", kCampaign);
  const Campaign campaign = load_campaign(file, {there / "v.npz", there / "p.yaml", there, {"slim"}});
  EXPECT_EQ(campaign.vectors, there / "v.npz");
  EXPECT_EQ(campaign.policy, there / "p.yaml");
  EXPECT_EQ(campaign.model("slim").digest, sha256("another slim model"));
  EXPECT_EQ(load_campaign(file, {there / "v.npz", there / "p.yaml", there, {}}).models.size(), 1u);
}

TEST_F(CampaignFile, HasDefaultsForWhatIsOptional) {
  const Campaign campaign = load(kCampaign);
  EXPECT_EQ(campaign.repeats, 1);
  EXPECT_EQ(campaign.inference_timeout, std::nullopt) << "it is learned";
  EXPECT_EQ(campaign.time_limit, 1h);
  EXPECT_EQ(campaign.bench, std::nullopt);
  EXPECT_EQ(campaign.mode, RunMode::measure);
  EXPECT_EQ(campaign.order, Order::abba);
  EXPECT_EQ(campaign.results, ResultForm::full);
  EXPECT_EQ(campaign.top_k, 0);
}

TEST_F(CampaignFile, ReadsHowToRunAndWhatToSendBack) {
  const Campaign campaign =
      load(std::string(kCampaign) + "mode: throughput\norder: sequential\nresults: top-k\ntop_k: 3\n");
  EXPECT_EQ(campaign.mode, RunMode::throughput);
  EXPECT_EQ(campaign.order, Order::sequential);
  EXPECT_EQ(campaign.results, ResultForm::top_k);
  EXPECT_EQ(campaign.top_k, 3);
}

TEST_F(CampaignFile, CallsEachWayOfRunningByItsWordInTheFile) {
  EXPECT_STREQ(to_string(RunMode::throughput), "throughput");
  EXPECT_STREQ(to_string(Order::sequential), "sequential");
  EXPECT_STREQ(to_string(ResultForm::top_k), "top-k");
  EXPECT_STREQ(to_string(ResultForm::digest), "digest");
}

TEST_F(CampaignFile, NeedsTopKExactlyWhereTheResultsAreTopK) {
  EXPECT_EQ(after_change("gate:", "results: top-k\ngate:"),
            "campaign.yaml:1: key `top_k` is missing; add a line `top_k: ...`");
  EXPECT_EQ(
      after_change("gate:", "top_k: 3\ngate:"),
      "campaign.yaml:9: `top_k` is given, but the results are `full`; write `results: top-k`, or remove "
      "`top_k`");
  for (const char* wrong : {"0", "101", "two"}) {
    EXPECT_THAT(after_change("gate:", "results: top-k\ntop_k: " + std::string(wrong) + "\ngate:"),
                testing::StartsWith("campaign.yaml:10: "))
        << wrong;
  }
}

TEST_F(CampaignFile, NeedsGoldenOutputsOfEveryModelThatSendsDigests) {
  EXPECT_EQ(after_change("gate:", "results: digest\ngate:"),
            "campaign.yaml:9: digests are held against golden outputs, but model `slim` names none; add "
            "`golden` to the model, or write `results: full`");
  std::string yaml = kCampaign;  // `unused` takes no part
  yaml.replace(yaml.find("slim.tflite}"), 12, "slim.tflite, golden: golden_slim}");
  EXPECT_EQ(load(yaml + "results: digest\n").results, ResultForm::digest);
}

TEST_F(CampaignFile, NamesTheNearestModeAndOrder) {
  EXPECT_THAT(after_change("gate:", "mode: throughputt\ngate:"),
              testing::HasSubstr("did you mean `throughput`?"));
  EXPECT_THAT(after_change("gate:", "order: aba\ngate:"), testing::HasSubstr("did you mean `abba`?"));
}

TEST_F(CampaignFile, ReadsWhatIsOptional) {
  folder.write("bench.yaml", "bench: b\n");
  const Campaign campaign = load(
      std::string(kCampaign) + "bench: bench.yaml\nrepeats: 5\ninference_timeout: 250 ms\ntime_limit: 2 h\n");
  EXPECT_EQ(campaign.bench, folder.path() / "bench.yaml");
  EXPECT_EQ(campaign.repeats, 5);
  EXPECT_EQ(campaign.inference_timeout, 250ms);
  EXPECT_EQ(campaign.time_limit, 2h);
}

TEST_F(CampaignFile, NamesAMisspeltKeyAndTheNearestOne) {
  EXPECT_EQ(after_change("baseline:", "basline:"),
            "campaign.yaml:7: unknown key `basline`; did you mean `baseline`?");
  EXPECT_EQ(
      after_change("golden:", "goldn:"),
      "campaign.yaml:5: unknown key `goldn`; did you mean `golden`? choose one of `image`, `file`, `golden`");
}

TEST_F(CampaignFile, NamesTheNearestModelWhenOneDoesNotExist) {
  EXPECT_EQ(after_change("baseline: shipped", "baseline: shiped"),
            "campaign.yaml:7: there is no model `shiped`; did you mean `shipped`? choose one of `slim`, "
            "`shipped`, `unused`");
  EXPECT_THAT(after_change("[slim]", "[slum]"),
              testing::StartsWith("campaign.yaml:8: there is no model `slum`; di"));
}

TEST_F(CampaignFile, RefusesCandidatesThatCompareNothing) {
  EXPECT_THAT(after_change("[slim]", "[]"), testing::StartsWith("campaign.yaml:8: there are no candidates"));
  EXPECT_THAT(after_change("[slim]", "[shipped]"),
              testing::StartsWith("campaign.yaml:8: candidate `shipped` is the baseline itself"));
  EXPECT_THAT(after_change("[slim]", "[slim, slim]"),
              testing::StartsWith("campaign.yaml:8: candidate `slim` is named twice"));
}

TEST_F(CampaignFile, RefusesFilesThatAreMissingBeforeAnyBoardIsTouched) {
  EXPECT_THAT(after_change("vectors.npz", "vektors.npz"),
              testing::StartsWith("vektors.npz: there is no such vector fi"));
  EXPECT_THAT(after_change("gate.yaml", "gates.yaml"),
              testing::StartsWith("gates.yaml: there is no such gate fi"));
  EXPECT_THAT(after_change("models/slim", "models/thin"),
              testing::StartsWith("models/thin.tflite: there is no such model file"));
  EXPECT_THAT(after_change("gate: gate.yaml", "gate: models"),
              testing::StartsWith("models: the gate file is not a regular file"));
}

TEST_F(CampaignFile, RefusesAnEmptyModelFile) {
  folder.write("models/slim.tflite", "");
  EXPECT_EQ(test::complaint([&] { load(kCampaign); }, folder.path()),
            "models/slim.tflite: the model file is empty; export the model again");
}

TEST_F(CampaignFile, RefusesAModelFileThatIsTooLarge) {
  std::filesystem::resize_file(folder.path() / "models/slim.tflite", kModelSizeMax + 1);  // sparse
  const std::string text = test::complaint([&] { load(kCampaign); }, folder.path());
  EXPECT_NE(text.find("more than the 67108864 allowed"), std::string::npos) << text;
}

TEST_F(CampaignFile, RefusesModelNamesThatCannotBePartOfAFileName) {
  EXPECT_THAT(after_change("slim: ", "a/b: "),
              testing::StartsWith("campaign.yaml:4: `a/b` cannot be the name of a model; use"));
}

TEST_F(CampaignFile, RefusesAWaitTooShortToBeMeant) {
  EXPECT_THAT(after_change("gate:", "time_limit: 5 us\ngate:"),
              testing::StartsWith("campaign.yaml:9: `time_limit` is shorter than 1 ms; w"));
}

}  // namespace
}  // namespace tinyhil
