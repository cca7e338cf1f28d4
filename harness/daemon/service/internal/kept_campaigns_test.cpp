// SPDX-License-Identifier: Apache-2.0
#include "kept_campaigns.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Kept : public testing::Test {
 protected:
  Kept() {
    folder_.write("kept/wake/campaign.yaml",
                  "campaign: wake\nvectors: v/vectors.npz\ngate: gate.yaml\n"
                  "models:\n  shipped: {file: m/shipped.tflite}\n  slim: {file: m/slim.tflite}\n"
                  "baseline: shipped\ncandidates: [slim]\n");
    folder_.write("kept/wake/gate.yaml", "rules: []\n");
    folder_.write("kept/wake/v/vectors.npz", "vectors");
    folder_.write("kept/wake/m/shipped.tflite", "shipped");
    folder_.write("kept/wake/m/slim.tflite", "slim");
    folder_.write("kept/no_campaign/readme", "");
  }

  test::TestFolder folder_;
  KeptCampaigns kept_{folder_.path() / "kept"};
  BlobStore blobs_{folder_.path() / "blobs", {}};
  const Digest mine_ = sha256(std::string_view("mine"));
};

TEST_F(Kept, AreTheFoldersWithACampaign) {
  EXPECT_THAT(kept_.names(), ElementsAre("wake"));
  const KeptCampaign wake = kept_.campaign("wake");
  EXPECT_EQ(wake.baseline, "shipped");
  EXPECT_EQ(wake.candidates.at("slim"), "m/slim.tflite");
  EXPECT_EQ(wake.policy, sha256(std::string_view("rules: []\n")));
  EXPECT_EQ(wake.files.size(), 5U);
  EXPECT_TRUE(KeptCampaigns("").names().empty());
}

TEST_F(Kept, RunWithTheModelsThatAreHandedInAndTheirOwnOfAllElse) {
  const CampaignWish wish = wish_for(kept_.campaign("wake"), {{"slim", mine_}}, blobs_);
  EXPECT_THAT(wish.candidates, ElementsAre("slim"));
  EXPECT_EQ(wish.files.at("m/slim.tflite"), mine_);
  for (const auto& [path, digest] : wish.files) {
    EXPECT_EQ(blobs_.has(digest), path != "m/slim.tflite") << path;
  }
  EXPECT_EQ(wish.files.at("gate.yaml"), sha256(std::string_view("rules: []\n")));
}

TEST_F(Kept, KeepTheirBaseline) {
  const auto hand_in_a_baseline = [&] { wish_for(kept_.campaign("wake"), {{"shipped", mine_}}, blobs_); };
  const Error refusal = test::error_of(hand_in_a_baseline);
  EXPECT_EQ(refusal.kind(), ErrorKind::not_allowed);
  EXPECT_THAT(refusal.what(), HasSubstr("`shipped` is no candidate"));
}

TEST_F(Kept, AreFoundByTheirNameAlone) {
  for (const char* name : {"../wake", "wake/../wake", "", ".", "no_campaign", "absent"})
    EXPECT_EQ(test::error_of([&] { kept_.campaign(name); }).kind(), ErrorKind::not_found) << name;
}

TEST_F(Kept, LieWholeInTheirFolder) {
  folder_.write("outside.yaml", "rules: []\n");
  folder_.write("kept/far/campaign.yaml",
                "campaign: far\nvectors: v.npz\ngate: ../../outside.yaml\n"
                "models:\n  shipped: {file: s.tflite}\n  slim: {file: t.tflite}\n"
                "baseline: shipped\ncandidates: [slim]\n");
  for (const char* file : {"kept/far/v.npz", "kept/far/s.tflite", "kept/far/t.tflite"})
    folder_.write(file, file);
  EXPECT_THAT(test::complaint([&] { kept_.campaign("far"); }), HasSubstr("outside its folder"));
  std::filesystem::create_symlink(folder_.path() / "outside.yaml", folder_.path() / "kept/wake/link.yaml");
  EXPECT_THAT(test::complaint([&] { kept_.campaign("wake"); }), HasSubstr("something else than files"));
}

}  // namespace

}  // namespace tinyhil::daemon
