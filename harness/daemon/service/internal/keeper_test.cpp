// SPDX-License-Identifier: Apache-2.0
// The keeper of a board that is never opened.
#include "keeper.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "base/error.hpp"
#include "testing/full_disk.hpp"
#include "testing/keeper_fixture.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class KeptBoards : public test::KeeperFixture {
 protected:
  void start() {
    KeeperFixture::start(
        "bench: desk\nboards: [{name: a, provenance: process, link: {driver: process, command: [cat]}" +
        trust_ + "}]\n");
  }
  bool becomes(Condition condition) {
    return run_until([&] { return book_->board("a").entry.condition == condition; });
  }
  LeaseRecord ask(const std::string& owner) {
    LeaseWish wish;
    wish.owner = owner;
    const LeaseRecord record = book_->ask(wish, keeper_->now());
    keeper_->settle();
    return record;
  }
  void end(RequestId id, LeaseEnd end) {
    book_->end(id, end, keeper_->now());
    keeper_->settle();
  }
  std::optional<bench::BoardHold> take() {
    std::string holder;
    return bench::BoardHold::try_take(keeper_->board("a")->key, holder);
  }

  std::string trust_{};  // more keys of the board
};

TEST_F(KeptBoards, TellsOnceThatTheDiskIsFullAndGoesOnWhenThereIsSpace) {
  const auto lines = std::make_shared<std::vector<std::string>>();
  policy_.log = [lines](const std::string& line) { lines->push_back(line); };
  start();
  ASSERT_TRUE(becomes(Condition::free));
  {
    const test::FullDisk full;
    const std::size_t before = check_.done.size();
    keeper_->readmit("a");
    ASSERT_TRUE(run_until([&] { return check_.done.size() >= before + 3; })) << "it tries again";
    EXPECT_EQ(book_->board("a").entry.condition, Condition::cleaning);
  }
  EXPECT_THAT(*lines, ElementsAre(HasSubstr("board a: ")));
  EXPECT_TRUE(becomes(Condition::free));
}

TEST_F(KeptBoards, ABoardIsFreeOnceItPassedAndNobodyElseCanTakeIt) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.done, ElementsAre("greet a"));
  EXPECT_FALSE(take());
}

TEST_F(KeptBoards, AHolderCanTakeTheLockAndTheNextGetsTheBoardOnlyWhenItIsLetGo) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  const RequestId first = ask("ada").id;
  std::optional<bench::BoardHold> used = take();
  ASSERT_TRUE(used);
  const RequestId second = ask("bob").id;
  end(first, LeaseEnd::released);
  EXPECT_FALSE(
      run_until([&] { return !book_->lease(second).board.empty(); }, std::chrono::milliseconds(200)));
  EXPECT_THAT(book_->board("a").reason, HasSubstr("still has it"));
  used.reset();
  EXPECT_TRUE(run_until([&] { return book_->lease(second).board == "a"; }));
  EXPECT_TRUE(take()) << "for bob";
}

TEST_F(KeptBoards, AProcessThatDoesNotLetGoTakesTheBoardOffline) {
  policy_.lets_go_within = std::chrono::seconds(0);
  start();
  ASSERT_TRUE(becomes(Condition::free));
  const RequestId first = ask("ada").id;
  std::optional<bench::BoardHold> used = take();
  end(first, LeaseEnd::silent);
  EXPECT_TRUE(becomes(Condition::offline));
  used.reset();
  EXPECT_TRUE(becomes(Condition::free)) << "by itself";
}

TEST_F(KeptBoards, ABoardIsCheckedAfterTroubleAndNotAfterAPlainReturn) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  end(ask("ada").id, LeaseEnd::released);
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.done, ElementsAre("greet a"));
  end(ask("ada").id, LeaseEnd::silent);
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.done, ElementsAre("greet a", "greet a"));
}

TEST_F(KeptBoards, ABoardThatFailsClimbsTheLadderAndIsThenQuarantined) {
  check_.has = {true, false, true, false};
  check_.results = {{"silent", {}}, {"silent", {}}, {"silent", {}}, {"still silent", {}}};
  start();
  ASSERT_TRUE(becomes(Condition::quarantined));
  EXPECT_THAT(check_.done,
              ElementsAre("greet a", "repeat a", "greet a", "reset a", "greet a", "power a", "greet a"));
  EXPECT_THAT(book_->board("a").reason, HasSubstr("still silent"));
  EXPECT_EQ(ask("ada").board, "");
  keeper_->readmit("a");
  EXPECT_TRUE(run_until([&] { return book_->board("a").lease.has_value(); }));
}

TEST_F(KeptBoards, TheStepThatHelpedIsKnownFromItsRecordTheAuditAndTheEvents) {
  check_.has = {true, false, false, false};
  check_.results = {{"silent", {}}, {"silent", {}}, {"", sha256("firmware")}};
  start();
  const std::uint64_t before = keeper_->last_event();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_EQ(book_->board("a").entry.firmware, sha256("firmware"));
  const HealthFigures health = book_->board("a").record.health;
  EXPECT_EQ(health.checks, 1u);
  EXPECT_EQ(health.failed, 1u);
  EXPECT_EQ(health.flaky, 0u) << "a reset was needed";
  EXPECT_EQ(health.steps.at(Step::reset).helped, 1u);
  EXPECT_EQ(health.steps.at(Step::repeat).helped, 0u);
  EXPECT_EQ(ledger_->audit(1).front().what, "board.reset");
  EXPECT_EQ(ledger_->audit(1).front().outcome, "then it passed");
  EXPECT_EQ(ledger_->audit(2).back().outcome, "then it failed: silent");
  std::vector<std::string> steps;
  for (const FarmEvent& event : keeper_->events_after(before))
    if (event.change.kind == FarmChange::Kind::step) steps.emplace_back(to_string(event.change.step.step));
  EXPECT_THAT(steps, ElementsAre("repeat", "reset"));
}

TEST_F(KeptBoards, ABoardThatPassesAtARepeatIsFlaky) {
  check_.results = {{"silent", {}}};
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_EQ(book_->board("a").record.health.flaky, 1u);
}

TEST_F(KeptBoards, AQuarantinedBoardIsOnlyGreetedUntilAPersonReadmitsIt) {
  policy_.check_again = std::chrono::minutes(0);
  check_.has = {false, false, true, false};
  check_.results = {{"1", {}}, {"2", {}}, {"3", {}}, {"4", {}}};
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.done,
              ElementsAre("greet a", "repeat a", "greet a", "power a", "greet a", "greet a", "greet a"));
}

TEST_F(KeptBoards, AnUntrustedBoardIsCleanedBeforeTheNextHasIt) {
  trust_ = ", untrusted: true";
  check_.has = {false, false, true, true};
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.done, ElementsAre("flash a", "power a", "greet a"));
  check_.done.clear();
  end(ask("ada").id, LeaseEnd::released);
  EXPECT_EQ(book_->board("a").entry.condition, Condition::cleaning);
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.done, ElementsAre("flash a", "power a", "greet a"));
  EXPECT_EQ(ledger_->checks("a", 1).front().cause, CheckCause::lease_ended);
}

TEST_F(KeptBoards, AnUntrustedBoardIsCleanedAlsoWhereNoneAreChecked) {
  trust_ = ", untrusted: true";
  policy_.is_checking = false;
  check_.has = {false, false, false, true};
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.done, ElementsAre("flash a", "greet a"));
}

TEST_F(KeptBoards, AnUntrustedBoardThatCannotBeCleanedIsGivenToNobody) {
  trust_ = ", untrusted: true";
  policy_.check_again = std::chrono::minutes(0);
  check_.has = {false, false, false, true};
  check_.problems[Step::flash] = {"no target", "no target"};
  start();
  ASSERT_TRUE(becomes(Condition::quarantined));
  EXPECT_THAT(book_->board("a").reason, HasSubstr("could not be cleaned: no target"));
  EXPECT_THAT(check_.done, testing::Each("flash a")) << "never greeted";
  ASSERT_TRUE(becomes(Condition::free)) << "once it could be";
  EXPECT_THAT(check_.done, ElementsAre("flash a", "flash a", "flash a", "greet a"));
}

TEST_F(KeptBoards, WhatAPersonQuarantinedOnlyAPersonReadmits) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  const RequestId lease = ask("ada").id;
  keeper_->quarantine("a", "loose cable", "root");
  end(lease, LeaseEnd::silent);
  EXPECT_TRUE(becomes(Condition::quarantined));
  EXPECT_THAT(check_.done, ElementsAre("greet a"));
  keeper_->readmit("a");
  EXPECT_TRUE(becomes(Condition::free));
}

TEST_F(KeptBoards, AQuarantinedBoardThatPassesALaterCheckIsReadmitted) {
  policy_.check_again = std::chrono::minutes(0);
  check_.results = {{"silent", {}}, {"silent", {}}};
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.done, ElementsAre("greet a", "repeat a", "greet a", "greet a"));
  EXPECT_THAT(ledger_->audit(1).front().outcome, HasSubstr("it passed `look at a`"));
  EXPECT_EQ(ledger_->audit(1).front().what, "board.readmit");
}

TEST_F(KeptBoards, AnUnpluggedBoardIsAbsentAndFreeAgainOnceItIsBackAndPassedACheck) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  const std::uint64_t before = keeper_->last_event();
  check_.absent = "there is no /dev/ttyUSB0";
  keeper_->look_for_plugs();
  EXPECT_EQ(book_->board("a").entry.condition, Condition::absent) << "at once";
  EXPECT_EQ(book_->board("a").reason, "there is no /dev/ttyUSB0");
  const RequestId waiting = ask("ada").id;
  keeper_->look_for_plugs();
  EXPECT_EQ(book_->lease(waiting).board, "");
  check_.absent.clear();
  keeper_->look_for_plugs();
  EXPECT_TRUE(run_until([&] { return book_->lease(waiting).board == "a"; }));
  EXPECT_THAT(check_.done, ElementsAre("greet a", "greet a"));
  EXPECT_EQ(ledger_->checks("a", 1).front().cause, CheckCause::plugged_in);
  EXPECT_EQ(book_->board("a").absences, 1u);
  std::vector<FarmChange::Kind> kinds;
  for (const FarmEvent& event : keeper_->events_after(before))
    if (event.change.kind != FarmChange::Kind::board) kinds.push_back(event.change.kind);
  EXPECT_THAT(kinds, ElementsAre(FarmChange::Kind::absent, FarmChange::Kind::asked, FarmChange::Kind::present,
                                 FarmChange::Kind::granted));
  std::vector<std::string> audited;
  for (const AuditEntry& entry : ledger_->audit(10)) audited.push_back(entry.what + ": " + entry.outcome);
  EXPECT_THAT(audited, testing::IsSupersetOf({std::string("board.absent: there is no /dev/ttyUSB0"),
                                              std::string("board.present: it is plugged in again")}));
}

TEST_F(KeptBoards, WhoHasABoardKeepsItWhenItIsUnplugged) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  const RequestId lease = ask("ada").id;
  check_.absent = "there is no /dev/ttyUSB0";
  keeper_->look_for_plugs();
  EXPECT_FALSE(book_->board("a").absence) << "it may be a reset";
  ASSERT_TRUE(run_until([&] { return book_->board("a").absence.has_value(); }));
  EXPECT_EQ(book_->board("a").entry.condition, Condition::leased);
  end(lease, LeaseEnd::released);
  EXPECT_TRUE(becomes(Condition::absent));
  EXPECT_THAT(check_.done, ElementsAre("greet a")) << "there is nothing to bring it back with";
}

TEST_F(KeptBoards, ABoardThatItsUserLeftAwayClimbsTheLadderAndIsThenAbsentNotQuarantined) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  check_.has.power = true;
  const RequestId lease = ask("ada").id;
  check_.absent = "there is no /dev/ttyUSB0";
  check_.results = {{"gone", {}}, {"gone", {}}, {"gone", {}}};
  end(lease, LeaseEnd::released);
  ASSERT_TRUE(becomes(Condition::absent));
  ASSERT_TRUE(run_until([&] { return check_.results.empty(); }));
  EXPECT_TRUE(becomes(Condition::absent));
  EXPECT_THAT(check_.done, ElementsAre("greet a", "greet a", "repeat a", "greet a", "power a", "greet a"));
  EXPECT_EQ(book_->board("a").record.quarantine, "");
  check_.absent.clear();
  keeper_->look_for_plugs();
  EXPECT_TRUE(becomes(Condition::free));
}

TEST_F(KeptBoards, WhatAPersonQuarantinedStaysSoWhenItIsPluggedInAnew) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  keeper_->quarantine("a", "loose cable", "root");
  check_.absent = "there is no /dev/ttyUSB0";
  keeper_->look_for_plugs();
  EXPECT_EQ(book_->board("a").entry.condition, Condition::quarantined);
  EXPECT_TRUE(book_->board("a").absence);
  check_.absent.clear();
  keeper_->look_for_plugs();
  EXPECT_FALSE(run_until([&] { return book_->board("a").entry.condition != Condition::quarantined; },
                         std::chrono::milliseconds(100)));
}

TEST_F(KeptBoards, WhoWaitsIsTold) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  const RequestId first = ask("ada").id;
  const RequestId second = ask("bob").id;
  std::optional<LeaseRecord> told;
  asio::co_spawn(io_, keeper_->wait(second, std::chrono::seconds(20)),
                 [&](std::exception_ptr /*none*/, LeaseRecord record) { told = record; });
  run_until([] { return false; }, std::chrono::milliseconds(20));
  EXPECT_FALSE(told);
  end(first, LeaseEnd::released);
  ASSERT_TRUE(run_until([&] { return told.has_value(); }));
  EXPECT_EQ(told->board, "a");
}

TEST_F(KeptBoards, EventsAreNumberedWithoutGapsAndNoNumberComesTwice) {
  start();
  const std::uint64_t before = keeper_->last_event();
  ASSERT_TRUE(becomes(Condition::free));
  end(ask("ada").id, LeaseEnd::released);
  ASSERT_TRUE(becomes(Condition::free));
  const std::vector<FarmEvent> events = keeper_->events_after(before);
  ASSERT_GE(events.size(), 3u);
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].number, before + 1 + i);
  EXPECT_EQ(events.back().number, keeper_->last_event());
  run_until([] { return false; }, std::chrono::milliseconds(50));  // until it is started again
  const Keeper next(io_.get_executor(), *book_, check_, policy_);
  EXPECT_GT(next.last_event(), events.back().number);
}

}  // namespace
}  // namespace tinyhil::daemon
