// SPDX-License-Identifier: Apache-2.0
#include "manifest.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"

namespace tinyhil::evidence {
namespace {

using testing::HasSubstr;

class Manifest : public testing::Test {
 protected:
  Manifest() {
    finish_bundle(signed_, {"statement.json"}, &key_);
    finish_bundle(unsigned_, {"statement.json"}, nullptr);
  }

  std::string complaint(const Files& files) {
    const Error error = test::error_of([&] { check_bundle(files, {"statement.json"}, &public_); });
    EXPECT_EQ(error.kind(), ErrorKind::broken_evidence);
    return error.where() + ": " + error.what();
  }

  SigningKey key_ = SigningKey::make();
  PublicKey public_ = key_.public_key();
  Files signed_ = {{"statement.json", "{}\n"}, {"gate.yaml", "policy: p\n"}};
  Files unsigned_ = signed_;
};

TEST_F(Manifest, OfASignedBundleNamesItsKeyAndComesWithEnvelopes) {
  EXPECT_EQ(check_bundle(signed_, {"statement.json"}, &public_), public_.id());
  EXPECT_TRUE(signed_.contains("manifest.dsse.json"));
  EXPECT_TRUE(signed_.contains("statement.dsse.json"));
}

TEST_F(Manifest, OfAnUnsignedBundleSaysSo) {
  EXPECT_EQ(check_bundle(unsigned_, {"statement.json"}, nullptr), std::nullopt);
  EXPECT_THAT(unsigned_.at("manifest.json"), HasSubstr("\"signed_by\": null"));
  EXPECT_EQ(unsigned_.size(), 3u);
}

TEST_F(Manifest, NamesTheFileThatWasChangedRemovedOrAdded) {
  Files changed = signed_;
  changed["gate.yaml"][0] = 'P';
  EXPECT_THAT(complaint(changed), HasSubstr("gate.yaml: its content"));
  Files missing = signed_;
  missing.erase("gate.yaml");
  EXPECT_EQ(complaint(missing), "gate.yaml: the file is missing");
  Files added = signed_;
  added["more"] = "";
  EXPECT_EQ(complaint(added), "more: the manifest does not know this file");
}

TEST_F(Manifest, ThatWasMadeAgainLacksTheSignature) {
  Files forged = signed_;
  forged["gate.yaml"] = "policy: q\n";
  forged.erase("manifest.dsse.json");
  forged.erase("statement.dsse.json");
  const SigningKey other = SigningKey::make();
  finish_bundle(forged, {"statement.json"}, &other);
  EXPECT_THAT(complaint(forged), HasSubstr("manifest.dsse.json: it was signed by key"));
}

TEST_F(Manifest, ThatKeepsTheOldSignatureIsFound) {
  Files forged = signed_;
  forged["gate.yaml"] = "policy: q\n";
  Files again = {{"statement.json", "{}\n"}, {"gate.yaml", "policy: q\n"}};
  const SigningKey other = SigningKey::make();
  finish_bundle(again, {"statement.json"}, &other);
  std::string manifest = again.at("manifest.json");
  manifest.replace(manifest.find(other.public_key().id()), 64, public_.id());
  forged["manifest.json"] = manifest;
  EXPECT_THAT(complaint(forged), HasSubstr("manifest.dsse.json: its payload"));
}

TEST_F(Manifest, MissesAnEnvelopeAndSeesOneTooMany) {
  Files missing = signed_;
  missing.erase("statement.dsse.json");
  EXPECT_EQ(complaint(missing), "statement.dsse.json: the file is missing");
  Files stray = unsigned_;
  stray["statement.dsse.json"] = signed_["statement.dsse.json"];
  EXPECT_THAT(complaint(stray), HasSubstr("statement.dsse.json: there is no place"));
}

TEST_F(Manifest, IsRefusedWhenItIsNoneOrSpelledOtherwise) {
  for (const std::string text : {"", "[]", "{}", "{\"files\": [], \"signed_by\": null}"}) {
    Files files = unsigned_;
    files["manifest.json"] = text;
    EXPECT_THAT(complaint(files), HasSubstr("manifest.json: it is no manifest")) << text;
  }
  Files spaced = unsigned_;
  spaced["manifest.json"] += " ";
  EXPECT_THAT(complaint(spaced), HasSubstr("manifest.json: it is not written as"));
}

}  // namespace
}  // namespace tinyhil::evidence
