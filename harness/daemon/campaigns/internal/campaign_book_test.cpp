// SPDX-License-Identifier: Apache-2.0
#include "campaign_book.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Moment second(int number) { return Moment(std::chrono::seconds(1'800'000'000 + number)); }

CampaignWish wish_by(const std::string& owner, const std::string& key = "") {
  CampaignWish wish;
  wish.owner = owner;
  wish.name = "wake_word";
  wish.campaign = "campaign.yaml";
  wish.files = {{"campaign.yaml", sha256("campaign")}};
  wish.key = key;
  return wish;
}

enum class Step { start, finish, fail, stop, resume };

class ACampaign : public testing::Test {
 protected:
  CampaignRecord take(CampaignId id, Step step) {
    switch (step) {
      case Step::start:
        return book_.start(id, {"m4"}, second(1));
      case Step::finish:
        return book_.finish(id, {.exit_code = 0}, second(2));
      case Step::fail:
        return book_.fail(id, {4, "the port is gone", "m4", "plug it in"}, second(3));
      case Step::stop:
        return book_.stop(id, second(4));
      case Step::resume:
        return book_.resume(id);
    }
    return {};
  }
  CampaignRecord in(CampaignState state) {
    const CampaignId id = book_.submit(wish_by("ada"), second(0)).id;
    if (state == CampaignState::running || state == CampaignState::ended) take(id, Step::start);
    if (state == CampaignState::ended) take(id, Step::finish);
    if (state == CampaignState::failed) take(id, Step::fail);
    if (state == CampaignState::cancelled) take(id, Step::stop);
    return book_.campaign(id);
  }

  const test::TestFolder folder_;
  CampaignLedger ledger_{folder_.path() / "campaigns.db"};
  CampaignBook book_{ledger_, {4, 3, 2}};
};

struct Row {
  CampaignState from;
  Step step;
  CampaignState to;
};

TEST_F(ACampaign, GoesThroughTheRowsOfItsTable) {
  using enum CampaignState;
  const std::vector<Row> rows{
      {waiting, Step::start, running},    {waiting, Step::fail, failed},
      {waiting, Step::stop, cancelled},   {waiting, Step::resume, waiting},
      {running, Step::start, running},    {running, Step::finish, ended},
      {running, Step::fail, failed},      {running, Step::stop, cancelled},
      {running, Step::resume, running},   {ended, Step::stop, ended},
      {cancelled, Step::stop, cancelled}, {cancelled, Step::resume, waiting},
      {failed, Step::stop, failed},       {failed, Step::resume, waiting},
  };
  for (const Row& row : rows) {
    const CampaignRecord before = in(row.from);
    ASSERT_EQ(before.state, row.from);
    const CampaignRecord after = take(before.id, row.step);
    EXPECT_EQ(after.state, row.to) << to_string(row.from) << ", step " << static_cast<int>(row.step);
    EXPECT_EQ(book_.campaign(before.id).state, row.to) << "on the disk";
    EXPECT_EQ(after.ended_at.has_value(), is_over(row.to));
    if (!is_over(row.to)) book_.stop(before.id, second(5));
  }
}

TEST_F(ACampaign, ThatHasItsVerdictIsNotResumed) {
  const CampaignRecord ended = in(CampaignState::ended);
  EXPECT_THAT(test::complaint([&] { book_.resume(ended.id); }), HasSubstr("has its verdict"));
}

TEST_F(ACampaign, ThatIsOutOfTimeOnTheDeviceIsResumed) {
  const CampaignId id = in(CampaignState::running).id;
  book_.finish(id, {.exit_code = 3, .may_go_on = true}, second(2));
  EXPECT_EQ(book_.resume(id).state, CampaignState::waiting);
}

TEST_F(ACampaign, KeepsWhenItBeganAndForgetsWhyItFailedWhenItIsResumed) {
  const CampaignId id = in(CampaignState::running).id;
  take(id, Step::fail);
  EXPECT_EQ(book_.campaign(id).end.problem->what, "the port is gone");
  const CampaignRecord resumed = book_.resume(id);
  EXPECT_EQ(resumed.started_at, second(1));
  EXPECT_FALSE(resumed.end.problem);
  EXPECT_THAT(resumed.boards, ElementsAre("m4"));
}

TEST_F(ACampaign, ThatIsTriedAgainKeepsWhyItFailedBeforeAlsoWhenItPasses) {
  const CampaignId id = in(CampaignState::running).id;
  const CampaignRecord again =
      book_.try_again(id, {{"m4"}, {4, "the port is gone", "m4", "plug it in", "bench"}});
  EXPECT_EQ(again.state, CampaignState::waiting);
  take(id, Step::start);
  book_.finish(id, {.exit_code = 0}, second(3));
  const CampaignEnd end = book_.campaign(id).end;
  EXPECT_EQ(end.exit_code, 0);
  ASSERT_THAT(end.failed_attempts, testing::SizeIs(1));
  EXPECT_THAT(end.failed_attempts.front().boards, ElementsAre("m4"));
  EXPECT_EQ(end.failed_attempts.front().problem.what, "the port is gone");
  EXPECT_EQ(end.failed_attempts.front().problem.failure_class, "bench");
}

TEST_F(ACampaign, IsOneHoweverOftenItIsAskedForWithOneKey) {
  const CampaignRecord first = book_.submit(wish_by("ada", "k"), second(0));
  EXPECT_EQ(book_.submit(wish_by("ada", "k"), second(1)).id, first.id);
  EXPECT_NE(book_.submit(wish_by("bob", "k"), second(1)).id, first.id);
}

TEST_F(ACampaign, IsRefusedWhenTooManyWaitOrRun) {
  for (int i = 0; i < 3; ++i) book_.submit(wish_by("ada"), second(i));
  const Error own = test::error_of([&] { book_.submit(wish_by("ada"), second(3)); });
  EXPECT_EQ(own.kind(), ErrorKind::queue_full);
  EXPECT_THAT(own.what(), HasSubstr("3 campaigns wait or run already for ada"));
  book_.submit(wish_by("bob"), second(4));
  EXPECT_EQ(test::error_of([&] { book_.submit(wish_by("bob"), second(5)); }).kind(), ErrorKind::queue_full);
}

TEST_F(ACampaign, IsForgottenWhenEnoughLaterOnesAreOver) {
  std::vector<CampaignId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(in(CampaignState::ended).id);
  const CampaignId open = in(CampaignState::waiting).id;
  EXPECT_THAT(book_.forget_old(), ElementsAre(ids[0]));
  EXPECT_EQ(test::error_of([&] { book_.campaign(ids[0]); }).kind(), ErrorKind::not_found);
  EXPECT_EQ(book_.campaign(open).state, CampaignState::waiting);
}

TEST_F(ACampaign, IsFoundByOwnerAndState) {
  const CampaignId mine = in(CampaignState::waiting).id;
  const CampaignId over = in(CampaignState::cancelled).id;
  const CampaignId other = book_.submit(wish_by("bob"), second(9)).id;
  const auto ids = [&](const CampaignFilter& filter) {
    std::vector<CampaignId> found;
    for (const CampaignRecord& each : book_.latest(filter, 10)) found.push_back(each.id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre(other, over, mine));
  EXPECT_THAT(ids({.owner = "ada"}), ElementsAre(over, mine));
  EXPECT_THAT(ids({.owner = "ada", .state = CampaignState::waiting}), ElementsAre(mine));
  EXPECT_EQ(book_.counts().at(CampaignState::waiting), 2U);
}

}  // namespace
}  // namespace tinyhil::daemon
