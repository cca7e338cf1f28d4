// SPDX-License-Identifier: Apache-2.0
#include "named_tokens.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {

namespace {

using testing::HasSubstr;

class NamedTokensTest : public testing::Test {
 protected:
  std::string file(const std::string& content, mode_t mode = 0600) {
    std::string written = folder_.write("tokens", content);
    ::chmod(written.c_str(), mode);
    return written;
  }
  std::string complaint(const std::string& content) {
    return test::complaint([&] { const NamedTokens tokens(file(content)); }, folder_.path());
  }

  test::TestFolder folder_;
  const std::string digest_ = sha256("some token").hex();
};

TEST_F(NamedTokensTest, TellWhoShowsWhich) {
  const NewToken ada = new_token({"ada", Role::admin});
  const NewToken ci = new_token({"ci", Role::user, "pool=ci"});
  const NamedTokens tokens(file("# who may what\n\n" + ada.line + "\n" + ci.line + "\n"));
  EXPECT_EQ(tokens.bearer(ada.token).caller->name, "ada");
  EXPECT_EQ(tokens.bearer(ada.token).caller->role, Role::admin);
  EXPECT_EQ(tokens.bearer(ci.token).caller->boards, "pool=ci");
  EXPECT_FALSE(tokens.bearer("").caller);
  EXPECT_FALSE(tokens.bearer(ada.token + "x").caller);
  EXPECT_FALSE(tokens.bearer(sha256(ada.token).hex()).caller) << "what stands in the file is no token";
}

TEST_F(NamedTokensTest, AreMadeAtRandom) {
  const NewToken one = new_token({"ada", Role::viewer});
  EXPECT_EQ(one.token.size(), 43U);
  EXPECT_NE(one.token, new_token({"ada", Role::viewer}).token);
  EXPECT_THAT(one.line, testing::StartsWith("ada viewer "));
  EXPECT_THAT(one.line, testing::Not(HasSubstr(one.token)));
}

TEST_F(NamedTokensTest, RefuseALineThatIsNone) {
  EXPECT_THAT(complaint("ada admin\n"), HasSubstr("tokens:1: this is no line of a token"));
  EXPECT_THAT(complaint("# fine\nada king " + digest_), HasSubstr("tokens:2: `king` is no role"));
  EXPECT_THAT(complaint("a,b user " + digest_), HasSubstr("`a,b` is no name"));
  EXPECT_THAT(complaint("ada user my-secret"), testing::Not(HasSubstr("my-secret")));
  EXPECT_THAT(complaint("ada user " + digest_ + "\nada admin " + digest_),
              HasSubstr("`ada` has a token already"));
}

TEST_F(NamedTokensTest, RefuseAFileThatOthersMayRead) {
  EXPECT_THAT(test::complaint([&] { const NamedTokens tokens(file("", 0640)); }),
              HasSubstr("others may read or change the tokens"));
}

}  // namespace

}  // namespace tinyhil::daemon
