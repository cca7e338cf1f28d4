// SPDX-License-Identifier: Apache-2.0
#include "key.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::evidence {
namespace {

using testing::HasSubstr;
using testing::Not;

class Key : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::filesystem::path file = folder_.write(name, text);
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    return file;
  }

  test::TestFolder folder_;
};

// RFC 8032, section 7.1, test 2, as PKCS #8.
constexpr const char* kPrivate =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";

TEST_F(Key, SignsAsRfc8032Says) {
  const SigningKey key = SigningKey::load(write("key", kPrivate));
  std::string hex;
  for (const char c : key.sign("\x72")) {
    constexpr const char* kDigits = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[c & 15];
  }
  EXPECT_EQ(hex,
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST_F(Key, VerifiesOnlyWhatItSigned) {
  const SigningKey key = SigningKey::make();
  const std::string signature = key.sign("evidence");
  EXPECT_TRUE(key.public_key().has_signed("evidence", signature));
  EXPECT_FALSE(key.public_key().has_signed("evidencf", signature));
  EXPECT_FALSE(SigningKey::make().public_key().has_signed("evidence", signature));
  EXPECT_FALSE(key.public_key().has_signed("evidence", ""));
}

TEST_F(Key, IsSavedForItsOwnerOnlyAndComesBack) {
  const SigningKey key = SigningKey::make();
  const auto file = folder_.path() / "key";
  key.save(file);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(SigningKey::load(file).public_key().id(), key.public_key().id());
  EXPECT_EQ(PublicKey::load(write("key.pub", key.public_key().pem())).id(), key.public_key().id());
  EXPECT_THAT(test::error_of([&] { key.save(file); }).what(), HasSubstr("there already"));
}

TEST_F(Key, DoesNotSignWithAKeyThatOthersMayRead) {
  const auto file = write("key", kPrivate);
  for (const int mode : {0640, 0604, 0666}) {
    std::filesystem::permissions(file, std::filesystem::perms(mode));
    const Error error = test::error_of([&] { SigningKey::load(file); });
    EXPECT_EQ(error.kind(), ErrorKind::usage) << mode;
    EXPECT_THAT(error.what(), HasSubstr("read or written by others")) << mode;
  }
}

TEST_F(Key, RefusesAnEmptyFile) {
  EXPECT_THAT(test::error_of([&] { SigningKey::load(write("key", "")); }).what(), HasSubstr("no Ed25519"));
  EXPECT_THAT(test::error_of([&] { PublicKey::load(write("key.pub", "")); }).what(), HasSubstr("no Ed25519"));
}

TEST_F(Key, RefusesOtherFilesWithoutShowingThem) {
  const auto secret = write("secret", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n");
  for (const Error& error :
       {test::error_of([&] { SigningKey::load(secret); }), test::error_of([&] { PublicKey::load(secret); }),
        test::error_of([&] { PublicKey::load(write("k", kPrivate)); })}) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("no Ed25519"));
    EXPECT_THAT(std::string(error.what()) + error.remedy(), Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace tinyhil::evidence
