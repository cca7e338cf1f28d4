// SPDX-License-Identifier: Apache-2.0
#include "envelope.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"

namespace tinyhil::evidence {
namespace {

using testing::HasSubstr;

// The example of the DSSE specification.
TEST(Envelope, EncodesBeforeSigningAsTheSpecificationSays) {
  EXPECT_EQ(pre_authentication_encoding({"http://example.com/HelloWorld", "hello world"}),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

class AnEnvelope : public testing::Test {
 protected:
  Envelope read(const std::string& envelope, const std::string& body = "{}") const {
    return {"e.json", envelope, {kInTotoType, body}, public_.id()};
  }
  std::string complaint(const std::string& envelope, const std::string& body = "{}") {
    const Error error = test::error_of([&] { read(envelope, body).require_signature_of(public_); });
    EXPECT_EQ(error.kind(), ErrorKind::broken_evidence);
    EXPECT_EQ(error.where(), "e.json");
    return error.what();
  }

  SigningKey key_ = SigningKey::make();
  PublicKey public_ = key_.public_key();
  std::string whole_ = seal({kInTotoType, "{}"}, key_);
};

TEST_F(AnEnvelope, HoldsForItsTypeBodyAndKey) {
  EXPECT_NO_THROW(read(whole_).require_signature_of(public_));
  EXPECT_NO_THROW(read(whole_));
}

TEST_F(AnEnvelope, IsRefusedForAnotherBodyOrKey) {
  EXPECT_THAT(complaint(whole_, "[]"), HasSubstr("payload"));
  EXPECT_THAT(complaint(seal({kInTotoType, "{}"}, SigningKey::make())), HasSubstr("key id"));
  const PublicKey other = SigningKey::make().public_key();
  EXPECT_THAT(test::error_of([&] { read(whole_).require_signature_of(other); }).what(),
              HasSubstr("it was signed by key " + public_.id()));
}

TEST_F(AnEnvelope, IsRefusedWithAnyByteFlipped) {
  for (std::size_t at = 0; at < whole_.size(); ++at) {
    std::string flipped = whole_;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    EXPECT_THROW(read(flipped).require_signature_of(public_), Error) << at;
  }
}

TEST_F(AnEnvelope, IsRefusedWhenItIsNone) {
  for (const char* text : {"", "{", "[]", "7", "{\"signatures\": []}", "{\"signatures\": [{\"sig\": 5}]}",
                           "{\"signatures\": {\"0\": 1}}"})
    EXPECT_THAT(complaint(text), HasSubstr("no envelope")) << text;
}

}  // namespace
}  // namespace tinyhil::evidence
