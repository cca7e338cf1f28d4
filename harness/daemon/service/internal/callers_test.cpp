// SPDX-License-Identifier: Apache-2.0
#include "callers.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

class CallersTest : public testing::Test {
 protected:
  CallerFiles with_tokens(const std::string& content) {
    CallerFiles files;
    files.tokens = folder_.write("tokens", content);
    ::chmod(files.tokens.c_str(), 0600);
    return files;
  }

  test::TestFolder folder_;
};

TEST_F(CallersTest, AreReadAgainAndStayWhenTheFileIsWrong) {
  const NewToken ada = new_token({"ada", Role::admin});
  const NewToken bob = new_token({"bob", Role::user});
  Callers callers(with_tokens(ada.line));
  EXPECT_TRUE(callers.bearer(ada.token).caller);
  with_tokens(bob.line);
  callers.reload();
  EXPECT_FALSE(callers.bearer(ada.token).caller);
  EXPECT_EQ(callers.bearer(bob.token).caller->name, "bob");
  with_tokens("nonsense");
  EXPECT_THROW(callers.reload(), Error);
  EXPECT_EQ(callers.bearer(bob.token).caller->name, "bob");
}

TEST_F(CallersTest, HaveSelectorsThatAreSome) {
  const std::string line = new_token({"ci", Role::user, "pool=ci,(("}).line;
  EXPECT_NE(test::complaint([&] { const Callers callers(with_tokens(line)); }), "accepted");
}

TEST(Confined, IsWhatTheCallerMayAndWishes) {
  EXPECT_EQ(confined("chip=m4", {"ada", Role::user}), "chip=m4");
  EXPECT_EQ(confined("", {"ci", Role::user, "pool=ci"}), "pool=ci");
  EXPECT_EQ(confined("chip=m4", {"ci", Role::user, "pool=ci"}), "pool=ci,chip=m4");
}

}  // namespace
}  // namespace tinyhil::daemon
