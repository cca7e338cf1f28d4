// SPDX-License-Identifier: Apache-2.0
// Leases in virtual time.
#include "lease_book.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"
#include "testing/full_disk.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::chrono::seconds kSecond{1};

class Leases : public testing::Test {
 protected:
  Leases() { open(); }

  void open() {
    book_.reset();
    ledger_.reset();
    ledger_.emplace(folder_.path() / "daemon.db");
    book_.emplace(*ledger_, policy_, now_);
    book_->set_boards(boards_, now_);
  }
  void make_free(const std::string& board) { book_->set_condition(board, Condition::free, "", now_); }
  LeaseRecord ask(const std::string& owner, const std::string& selector = "chip=m4") {
    LeaseWish wish;
    wish.owner = owner;
    wish.selector = selector;
    return book_->ask(wish, now_);
  }
  std::vector<std::string> ended() {
    std::vector<std::string> words;
    for (const FarmChange& change : book_->take_changes())
      if (change.kind == FarmChange::Kind::ended)
        words.push_back(std::to_string(change.lease.value) + ' ' + to_string(change.end));
    return words;
  }

  const test::TestFolder folder_;
  LeasePolicy policy_;
  Moment now_{std::chrono::seconds(1'800'000'000)};
  std::map<std::string, Labels> boards_{{"a", {{"board", "a"}, {"chip", "m4"}}},
                                        {"b", {{"board", "b"}, {"chip", "m4"}, {"meter", "ppk2"}}}};
  std::optional<Ledger> ledger_;
  std::optional<LeaseBook> book_;
};

TEST_F(Leases, ABoardThatBecameFreeOnAFullDiskIsGivenOnceThereIsSpace) {
  const LeaseRecord waits = ask("ada");
  {
    const test::FullDisk full;
    EXPECT_THROW(make_free("a"), Error);
    EXPECT_EQ(book_->lease(waits.id).board, "");
  }
  make_free("a");
  EXPECT_EQ(book_->lease(waits.id).board, "a");
}

TEST_F(Leases, WhatAFullDiskRefusesHasNotHappened) {
  make_free("a");
  const LeaseRecord lease = ask("ada");
  {
    const test::FullDisk full;
    EXPECT_THROW(ask("bob"), Error);
    EXPECT_THROW(book_->end(lease.id, LeaseEnd::released, now_), Error);
    EXPECT_THAT(book_->open_leases(), SizeIs(1));
    book_->beat(lease.id, lease.epoch, now_);
  }
  book_->end(lease.id, LeaseEnd::released, now_);
  make_free("a");
  EXPECT_EQ(ask("bob").board, "a");
}

TEST_F(Leases, AFreeBoardIsGivenAtOnce) {
  make_free("a");
  const LeaseRecord lease = ask("ada");
  EXPECT_EQ(lease.board, "a");
  EXPECT_EQ(lease.epoch, 1u);
  EXPECT_EQ(lease.granted_at, now_);
  EXPECT_EQ(book_->board("a").entry.condition, Condition::leased);
  EXPECT_EQ(book_->board("a").lease->owner, "ada");
}

TEST_F(Leases, ABoardThatNobodyHasLookedAtIsGivenToNobody) {
  EXPECT_EQ(ask("ada").board, "");
  EXPECT_EQ(book_->board("a").entry.condition, Condition::offline);
}

TEST_F(Leases, WhoWaitsGetsTheBoardThatComesFree) {
  make_free("a");
  const RequestId first = ask("ada", "board=a").id;
  const RequestId second = ask("bob", "board=a").id;
  EXPECT_EQ(book_->lease(second).board, "");
  now_ += kSecond;
  book_->end(first, LeaseEnd::released, now_);
  EXPECT_EQ(book_->board("a").entry.condition, Condition::cleaning);
  EXPECT_EQ(book_->lease(second).board, "") << "it is looked at first";
  make_free("a");
  EXPECT_EQ(book_->lease(second).board, "a");
  EXPECT_EQ(book_->lease(second).epoch, 2u);
  EXPECT_EQ(book_->board("a").record.busy, Span(kSecond));
}

TEST_F(Leases, AWordThatNoBoardHasIsRefusedAtOnce) {
  const Error error = test::error_of([&] { ask("ada", "chip=m5"); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.what(), HasSubstr("no board of this host has `chip=m5`"));
  EXPECT_THAT(error.remedy(), HasSubstr("m4"));
  EXPECT_THAT(book_->open_leases(), IsEmpty());
  EXPECT_THROW(ask("ada", "chip=("), Error);
}

TEST_F(Leases, AHostWithoutBoardsSaysSo) {
  book_->set_boards({}, now_);
  for (const char* selector : {"", "board=a"}) {
    const Error error = test::error_of([&] { ask("ada", selector); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("no boards yet"));
  }
}

TEST_F(Leases, AHolderThatIsNotHeardLosesTheBoard) {
  make_free("a");
  const LeaseRecord lease = ask("ada");
  now_ += 20 * kSecond;
  book_->beat(lease.id, lease.epoch, now_);
  now_ += 29 * kSecond;
  book_->end_expired(now_);
  EXPECT_THAT(ended(), IsEmpty());
  now_ += kSecond;
  book_->end_expired(now_);
  EXPECT_THAT(ended(), ElementsAre("1 silent"));
  const Error error = test::error_of([&] { book_->beat(lease.id, lease.epoch, now_); });
  EXPECT_EQ(error.kind(), ErrorKind::lease_lost);
  EXPECT_THAT(error.what(), HasSubstr("lease 1 is over: silent"));
}

TEST_F(Leases, WhoWaitsAndIsNotHeardWaitsNoMore) {
  ask("ada");
  now_ += 30 * kSecond;
  book_->end_expired(now_);
  EXPECT_THAT(ended(), ElementsAre("1 silent"));
}

TEST_F(Leases, ALeaseEndsAtItsOwnLongestHoweverOftenItIsHeard) {
  make_free("a");
  LeaseWish wish;
  wish.owner = "ada";
  wish.longest = std::chrono::seconds(50);
  const LeaseRecord lease = book_->ask(wish, now_);
  for (int i = 0; i < 5; ++i) {
    now_ += 10 * kSecond;
    book_->beat(lease.id, lease.epoch, now_);
  }
  book_->end_expired(now_);
  EXPECT_THAT(ended(), ElementsAre("1 over"));
}

TEST_F(Leases, AnotherEpochIsNotItsHolder) {
  make_free("a");
  const LeaseRecord lease = ask("ada");
  EXPECT_EQ(test::error_of([&] { book_->beat(lease.id, lease.epoch + 1, now_); }).kind(),
            ErrorKind::lease_lost);
  EXPECT_EQ(test::error_of([&] { book_->beat({7}, 1, now_); }).kind(), ErrorKind::not_found);
}

TEST_F(Leases, LeasesAndWaitsOutliveARestart) {
  make_free("a");
  const LeaseRecord held = ask("ada", "board=a");
  const LeaseRecord waiting = ask("bob", "board=a");
  now_ += 100 * kSecond;  // nobody could be heard
  open();
  EXPECT_EQ(book_->board("a").entry.condition, Condition::leased);
  book_->end_expired(now_);
  book_->beat(held.id, held.epoch, now_);
  book_->end(held.id, LeaseEnd::released, now_);
  make_free("a");
  EXPECT_EQ(book_->lease(waiting.id).board, "a");
  EXPECT_EQ(book_->lease(waiting.id).epoch, 2u);
}

TEST_F(Leases, AskedAgainWithItsKeyItIsTheSameLeaseAlsoAfterARestart) {
  make_free("a");
  LeaseWish wish;
  wish.owner = "ada";
  wish.key = "8f3a";
  const LeaseRecord first = book_->ask(wish, now_);
  EXPECT_EQ(book_->ask(wish, now_).id, first.id);
  open();
  EXPECT_EQ(book_->ask(wish, now_).id, first.id);
  EXPECT_EQ(book_->ask(wish, now_).board, "a");
  wish.owner = "bob";
  EXPECT_NE(book_->ask(wish, now_).id, first.id) << "a key is its owner's alone";
  book_->end(first.id, LeaseEnd::released, now_);
  wish.owner = "ada";
  EXPECT_NE(book_->ask(wish, now_).id, first.id) << "that one is over";
}

TEST_F(Leases, AQuarantineOutlivesARestart) {
  book_->quarantine("a", "smells", now_, "root");
  open();
  EXPECT_EQ(book_->board("a").entry.condition, Condition::quarantined);
  EXPECT_EQ(book_->board("a").reason, "smells");
  EXPECT_TRUE(book_->board("a").record.is_by_person);
}

TEST_F(Leases, ABoardThatIsTakenOutOfItsBenchKeepsItsLeaseToTheEnd) {
  make_free("a");
  const LeaseRecord lease = ask("ada", "board=a");
  boards_.erase("a");
  book_->set_boards(boards_, now_);
  book_->beat(lease.id, lease.epoch, now_);
  EXPECT_THAT(book_->boards(), SizeIs(2));
  book_->end(lease.id, LeaseEnd::released, now_);
  EXPECT_THAT(book_->boards(), SizeIs(1));
}

TEST_F(Leases, ALeaseOfABoardThatIsGoneAfterARestartIsOver) {
  make_free("a");
  ask("ada", "board=a");
  boards_.erase("a");
  open();
  EXPECT_THAT(ended(), ElementsAre("1 board-gone"));
}

TEST_F(Leases, NewLabelsOfABoardCountAtOnce) {
  make_free("a");
  make_free("b");
  boards_["a"]["meter"] = "ppk2";
  boards_["b"].erase("meter");
  book_->set_boards(boards_, now_);
  EXPECT_EQ(ask("ada", "meter").board, "a");
}

TEST_F(Leases, AQueueHasABound) {
  policy_.waiting_most_of_owner = 2;
  policy_.waiting_most = 3;
  open();
  ask("ada");
  ask("ada");
  EXPECT_EQ(test::error_of([&] { ask("ada"); }).kind(), ErrorKind::queue_full);
  ask("bob");
  EXPECT_EQ(test::error_of([&] { ask("eve"); }).kind(), ErrorKind::queue_full);
}

TEST_F(Leases, WhoUsedLessGoesFirstAlsoAfterARestart) {
  make_free("a");
  const LeaseRecord long_one = ask("ada", "board=a");
  now_ += std::chrono::hours(1);
  book_->end(long_one.id, LeaseEnd::released, now_);
  const RequestId of_ada = ask("ada", "board=a").id;
  const RequestId of_bob = ask("bob", "board=a").id;
  open();
  make_free("a");
  EXPECT_EQ(book_->lease(of_bob).board, "a");
  EXPECT_EQ(book_->lease(of_ada).board, "");
}

TEST_F(Leases, EveryoneWhoEndsOneIsInTheAudit) {
  make_free("a");
  book_->end(ask("ada").id, LeaseEnd::forced, now_, "root");
  const std::vector<AuditEntry> audit = ledger_->audit(10);
  ASSERT_THAT(audit, SizeIs(2));
  EXPECT_EQ(audit[0].who + ' ' + audit[0].what + ' ' + audit[0].subject + ' ' + audit[0].outcome,
            "root lease.end lease 1 forced");
  EXPECT_EQ(audit[1].who + ' ' + audit[1].what, "ada lease.ask");
}

}  // namespace
}  // namespace tinyhil::daemon
