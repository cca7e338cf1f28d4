// SPDX-License-Identifier: Apache-2.0
#include "lease_tokens.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

TEST(LeaseTokens, AreOfOneLeaseAndHoldAfterARestart) {
  const test::TestFolder folder;
  const std::string token = LeaseTokens(folder.path()).token(RequestId{12});
  const LeaseTokens again(folder.path());
  EXPECT_EQ(again.lease_of(token), RequestId{12});
  EXPECT_EQ(again.token(RequestId{12}), token);
  EXPECT_NE(again.token(RequestId{13}), token);
}

TEST(LeaseTokens, AreMadeByNobodyElse) {
  const test::TestFolder folder, other;
  const LeaseTokens tokens(folder.path());
  const std::string token = tokens.token(RequestId{12});
  std::string of_another = token;
  of_another.replace(0, 8, "lease-13");
  for (const std::string& text :
       {std::string(), std::string("lease-"), std::string("lease-12"), std::string("lease-12-"), of_another,
        token + "0", token.substr(0, token.size() - 1), LeaseTokens(other.path()).token(RequestId{12})})
    EXPECT_FALSE(tokens.lease_of(text)) << text;
}

TEST(LeaseTokens, HaveAKeyThatIsTheDaemonsAlone) {
  const test::TestFolder folder;
  const std::string token = LeaseTokens(folder.path()).token(RequestId{1});
  ::chmod((folder.path() / "lease.key").c_str(), 0644);
  EXPECT_THAT(test::complaint([&] { const LeaseTokens tokens(folder.path()); }),
              testing::HasSubstr("others may read or change the key"));
}

}  // namespace
}  // namespace tinyhil::daemon
