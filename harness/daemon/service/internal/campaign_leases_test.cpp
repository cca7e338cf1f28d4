// SPDX-License-Identifier: Apache-2.0
// The leases of campaigns on boards that are never opened.
#include "campaign_leases.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "base/error.hpp"
#include "store/sqlite/connection.hpp"
#include "testing/keeper_fixture.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr const char* kThreeBoards =
    "bench: desk\n"
    "boards:\n"
    "  - {name: a, provenance: process, link: {driver: process, command: [cat]}}\n"
    "  - {name: b, provenance: process, link: {driver: process, command: [cat]}}\n"
    "  - {name: c, provenance: process, link: {driver: process, command: [cat]}}\n";

// How an acquire() has ended, once it has.
struct Acquired {
  bool has_ended = false;
  std::vector<std::string> boards{};
  std::string problem{};
};

class LeasesOfCampaigns : public test::KeeperFixture {
 protected:
  void SetUp() override {
    start(kThreeBoards);
    run_until([&] { return free_boards() == 3; });
  }

  long free_boards() const {
    long count = 0;
    for (const BoardStatus& each : book_->boards()) count += each.entry.condition == Condition::free ? 1 : 0;
    return count;
  }
  static CampaignRecord campaign(std::uint64_t id, std::size_t boards, const std::string& selector = "") {
    CampaignRecord record;
    record.id = CampaignId{id};
    record.wish.owner = "ada";
    record.wish.name = "wake_word";
    record.wish.selector = selector;
    record.wish.boards = boards;
    return record;
  }
  void begin(CampaignLeases& leases, const CampaignRecord& campaign, Acquired& acquired) {
    leases.ask(campaign);
    asio::co_spawn(io_, leases.acquire(campaign), [&](std::exception_ptr thrown, CampaignBoards boards) {
      acquired.has_ended = true;
      acquired.boards = boards.boards;
      try {
        if (thrown) std::rethrow_exception(thrown);
      } catch (const Error& error) {
        acquired.problem = error.what();
      }
    });
  }
  Acquired acquire(CampaignLeases& leases, const CampaignRecord& campaign) {
    Acquired acquired;
    begin(leases, campaign, acquired);
    EXPECT_TRUE(run_until([&] { return acquired.has_ended; }));
    return acquired;
  }
};

TEST_F(LeasesOfCampaigns, AreOfAsManyBoardsAsAreFreeWhenTheFirstIsHad) {
  CampaignLeases one(*keeper_, *book_);
  EXPECT_THAT(acquire(one, campaign(1, 1)).boards, SizeIs(1));
  CampaignLeases several(*keeper_, *book_);
  EXPECT_THAT(acquire(several, campaign(2, 5)).boards, SizeIs(2));
  EXPECT_EQ(free_boards(), 0);
  EXPECT_THAT(book_->open_leases(), SizeIs(3)) << "nothing more is waited for";
  several.give_back();
  EXPECT_TRUE(run_until([&] { return free_boards() == 2; }));
}

TEST_F(LeasesOfCampaigns, AreOfTheirSelectorAndTheirOwner) {
  CampaignLeases leases(*keeper_, *book_);
  EXPECT_THAT(acquire(leases, campaign(1, 5, "board in (a, c)")).boards, ElementsAre("a", "c"));
  for (const LeaseRecord& lease : book_->open_leases()) {
    EXPECT_EQ(lease.wish.owner, "ada");
    EXPECT_EQ(lease.wish.purpose, "campaign 1: wake_word");
  }
}

TEST_F(LeasesOfCampaigns, AreFoundAgainByADaemonThatIsStartedAgain) {
  CampaignLeases before(*keeper_, *book_);
  const Acquired had = acquire(before, campaign(1, 2));
  CampaignLeases after(*keeper_, *book_);
  CampaignRecord again = campaign(1, 2);
  again.boards = had.boards;
  EXPECT_EQ(acquire(after, again).boards, had.boards);
  EXPECT_EQ(after.ids(), before.ids());
}

TEST_F(LeasesOfCampaigns, OfADividedRunAreOfTheSameBoardsInTheirOrder) {
  CampaignRecord divided = campaign(1, 2);
  divided.boards = {"c", "b"};
  CampaignLeases holder(*keeper_, *book_);
  acquire(holder, campaign(2, 1, "board=b"));
  CampaignLeases leases(*keeper_, *book_);
  Acquired acquired;
  begin(leases, divided, acquired);
  EXPECT_FALSE(run_until([&] { return acquired.has_ended; }, std::chrono::milliseconds(200)));
  holder.give_back();
  EXPECT_TRUE(run_until([&] { return acquired.has_ended; }));
  EXPECT_THAT(acquired.boards, ElementsAre("c", "b"));
}

TEST_F(LeasesOfCampaigns, ThatAreNotWaitedForAnyMoreSaySo) {
  CampaignLeases all(*keeper_, *book_);
  acquire(all, campaign(1, 3));
  CampaignLeases leases(*keeper_, *book_);
  Acquired acquired;
  begin(leases, campaign(2, 1), acquired);
  leases.end_wait("ada");
  EXPECT_TRUE(run_until([&] { return acquired.has_ended; }));
  EXPECT_THAT(acquired.problem, HasSubstr("its wait for a board was ended"));
}

TEST_F(LeasesOfCampaigns, AreLostWhenAnAdministratorEndsThem) {
  CampaignLeases leases(*keeper_, *book_);
  acquire(leases, campaign(1, 1));
  leases.beat();
  book_->end(leases.ids().front(), LeaseEnd::forced, keeper_->now(), "root");
  EXPECT_THROW(leases.beat(), Error);
}

// As on a disk that is full between the two: the ledger refuses the end of a lease of board a until some
// board is quarantined.
class LeasesInARefusingLedger : public LeasesOfCampaigns {
  void SetUp() override {
    { const Ledger made(file_); }
    store::Connection(file_, file_, SQLITE_OPEN_READWRITE)
        .execute(
            "CREATE TRIGGER refusing BEFORE UPDATE OF end ON lease"
            " WHEN OLD.board = 'a' AND NOT EXISTS (SELECT 1 FROM board WHERE quarantine <> '')"
            " BEGIN SELECT RAISE(ABORT, 'refused'); END");
    LeasesOfCampaigns::SetUp();
  }
};

TEST_F(LeasesInARefusingLedger, AreAllCheckedOnceTheyAreGivenBack) {
  CampaignLeases leases(*keeper_, *book_);
  ASSERT_THAT(acquire(leases, campaign(1, 2)).boards, ElementsAre("a", "b"));
  check_.done.clear();
  EXPECT_THROW(leases.give_back_for_check(), Error);
  EXPECT_THAT(leases.ids(), SizeIs(1)) << "that of b is ended";
  keeper_->quarantine("c", "so that the ledger goes on", "ada");
  leases.give_back_for_check();
  EXPECT_TRUE(run_until([&] { return free_boards() == 2; }));
  EXPECT_THAT(check_.done, UnorderedElementsAre("greet a", "greet b"));
}

}  // namespace
}  // namespace tinyhil::daemon
