// SPDX-License-Identifier: Apache-2.0
#include "campaign_ledger.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Moment kThen{std::chrono::microseconds(1'800'000'000'000'123)};

TEST(ACampaignLedger, KeepsAllOfACampaignWhenItIsOpenedAgain) {
  const test::TestFolder folder;
  CampaignWish wish;
  wish.owner = "ada";
  wish.name = "wake_word";
  wish.campaign = "sub/campaign.yaml";
  wish.files = {{"sub/campaign.yaml", sha256("a")}, {"vectors.npz", sha256("b")}};
  wish.image = "app.elf";
  wish.candidates = {"slim", "quick"};
  wish.selector = "chip=m4";
  wish.boards = 3;
  wish.priority = Priority::high;
  wish.purpose = "nightly \"run\"";
  wish.key = "k";
  wish.seed = (std::uint64_t{1} << 53) - 1;
  CampaignRecord record;
  {
    CampaignLedger ledger(folder.path() / "c.db");
    record = *ledger.find(ledger.add(wish, kThen));
    record.state = CampaignState::failed;
    record.boards = {"b2", "b1"};
    record.started_at = kThen + std::chrono::seconds(1);
    record.ended_at = kThen + std::chrono::seconds(2);
    record.end.exit_code = 4;
    record.end.outcomes = {{"slim", "pass"}};
    record.end.policy_digest = "12";
    record.end.problem = CampaignProblem{4, "what", "where", "remedy"};
    ledger.save(record);
  }
  CampaignLedger ledger(folder.path() / "c.db");
  const CampaignRecord read = *ledger.find(record.id);
  EXPECT_EQ(read.wish.owner, "ada");
  EXPECT_EQ(read.wish.campaign, wish.campaign);
  EXPECT_EQ(read.wish.files, wish.files);
  EXPECT_EQ(read.wish.image, "app.elf");
  EXPECT_EQ(read.wish.candidates, wish.candidates);
  EXPECT_EQ(read.wish.selector, "chip=m4");
  EXPECT_EQ(read.wish.boards, 3U);
  EXPECT_EQ(read.wish.priority, Priority::high);
  EXPECT_EQ(read.wish.purpose, wish.purpose);
  EXPECT_EQ(read.wish.key, "k");
  EXPECT_EQ(read.wish.seed, wish.seed);
  EXPECT_EQ(read.state, CampaignState::failed);
  EXPECT_EQ(read.submitted_at, kThen);
  EXPECT_EQ(read.started_at, record.started_at);
  EXPECT_EQ(read.ended_at, record.ended_at);
  EXPECT_THAT(read.boards, ElementsAre("b2", "b1"));
  EXPECT_EQ(read.end.exit_code, 4);
  EXPECT_EQ(read.end.outcomes.at(0).candidate, "slim");
  EXPECT_EQ(read.end.policy_digest, "12");
  EXPECT_EQ(read.end.problem->remedy, "remedy");
  EXPECT_EQ(ledger.asked_with("ada", "k")->id, record.id);
}

TEST(ACampaignLedger, RefusesADatabaseOfSomethingElse) {
  const test::TestFolder folder;
  {
    store::Connection other(folder.path() / "c.db", (folder.path() / "c.db").string(),
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    other.execute("CREATE TABLE birds (name TEXT)");
  }
  EXPECT_EQ(test::error_of([&] { CampaignLedger(folder.path() / "c.db"); }).kind(), ErrorKind::bench_fault);
}

TEST(ACampaignLedger, SaysSoWhenACampaignIsNotAsItWasWritten) {
  const test::TestFolder folder;
  {
    CampaignLedger ledger(folder.path() / "c.db");
    ledger.add({.owner = "ada", .campaign = "campaign.yaml", .files = {}}, kThen);
  }
  {
    store::Connection connection(folder.path() / "c.db", (folder.path() / "c.db").string(),
                                 SQLITE_OPEN_READWRITE);
    connection.execute("UPDATE campaign SET wish = '{}'");
  }
  CampaignLedger ledger(folder.path() / "c.db");
  const Error error = test::error_of([&] { ledger.open(); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("not as it was written"));
}

}  // namespace
}  // namespace tinyhil::daemon
