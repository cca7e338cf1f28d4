// SPDX-License-Identifier: Apache-2.0
// What a file of issuers may say; whom it lets in is tested from outside (tests/oidc_daemon_test.py).
#include "oidc_policy.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::HasSubstr;

// A key of RFC 7515, appendix A.3.
const std::string kKeys = R"({"keys": [{"kty": "EC", "kid": "one", "crv": "P-256",
  "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

class OidcPolicyTest : public testing::Test {
 protected:
  OidcPolicyTest() { folder_.write("keys.json", kKeys); }

  std::string complaint(const std::string& rest) {
    const std::string text = "issuers:\n  - issuer: https://a\n    audience: b\n    keys: keys.json\n" + rest;
    return test::complaint([&] { const OidcPolicy policy(folder_.write("oidc.yaml", text)); },
                           folder_.path());
  }
  std::string complaint_of_keys(const std::string& keys) {
    folder_.write("keys.json", keys);
    return complaint("    rules: [{claims: {repository: a/b}, name: ci}]\n");
  }

  test::TestFolder folder_;
};

TEST_F(OidcPolicyTest, TakesRulesForClaims) {
  EXPECT_EQ(
      complaint(
          "    rules: [{claims: {repository: a/b}, name: 'ci-{sub}', role: viewer, boards: pool=ci}]\n"),
      "accepted");
}

TEST_F(OidcPolicyTest, RefusesWhatWouldLetEverybodyIn) {
  EXPECT_THAT(complaint("    rules: [{claims: {}, name: ci}]\n"), HasSubstr("takes every token"));
  EXPECT_THAT(complaint("    rules: []\n"), HasSubstr("rules"));
  EXPECT_THAT(complaint(""), HasSubstr("rules"));
}

TEST_F(OidcPolicyTest, NamesTheLineOfAMistake) {
  EXPECT_THAT(complaint("    rules:\n      - {claims: {ref: a}, name: ci, role: king}\n"),
              HasSubstr("oidc.yaml:6"));
  EXPECT_THAT(complaint("    rule: []\n"), HasSubstr("oidc.yaml"));
  EXPECT_NE(complaint("    rules: [{claims: {ref: a}, name: ci, boards: 'pool in ('}]\n"), "accepted");
}

TEST_F(OidcPolicyTest, RefusesKeysThatAreNone) {
  EXPECT_THAT(complaint_of_keys("nonsense"), HasSubstr("this is no set of keys"));
  EXPECT_THAT(complaint_of_keys(R"({"keys": []})"), HasSubstr("no key for RS256 or ES256"));
  EXPECT_THAT(complaint_of_keys(R"({"keys": [{"kty": "oct", "kid": "one", "k": "eHh4"}]})"),
              HasSubstr("no key for"));
  EXPECT_THAT(complaint_of_keys(R"({"keys": [{"kty": "RSA", "kid": "one", "n": "eHh4", "e": "AQAB"}]})"),
              HasSubstr("no key for"))
      << "24 bits";
  std::string off_the_curve = kKeys;
  off_the_curve.replace(off_the_curve.find("f83O"), 4, "f83P");
  EXPECT_THAT(complaint_of_keys(off_the_curve), HasSubstr("no key for"));
  EXPECT_EQ(complaint_of_keys(kKeys), "accepted");
}

}  // namespace
}  // namespace tinyhil::daemon
