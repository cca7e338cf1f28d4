// SPDX-License-Identifier: Apache-2.0
#include "ledger.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

Moment at(int second) { return Moment(std::chrono::seconds(1'800'000'000 + second)); }

LeaseWish wish_of(const std::string& owner, const std::string& selector = "chip=m4") {
  LeaseWish wish;
  wish.owner = owner;
  wish.selector = selector;
  wish.longest = std::chrono::hours(1);
  return wish;
}

class LedgerFile : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "daemon.db"; }

  RequestId add(Ledger& ledger, const LeaseWish& wish, int second = 0) {
    LedgerStep step(ledger);
    const RequestId id = step.add(wish, at(second));
    step.commit();
    return id;
  }
  std::uint64_t grant(Ledger& ledger, RequestId id, const std::string& board, int second) {
    LedgerStep step(ledger);
    const std::uint64_t epoch = step.grant(id, board, at(second));
    step.commit();
    return epoch;
  }
  void end(Ledger& ledger, RequestId id, LeaseEnd end, int second) {
    LedgerStep step(ledger);
    step.end(id, end, at(second));
    step.commit();
  }

  const test::TestFolder folder_;
};

TEST_F(LedgerFile, KeepsWhatWasCommittedWhenItIsOpenedAgain) {
  LeaseWish wish = wish_of("ada");
  wish.priority = Priority::high;
  wish.firmware = sha256("firmware");
  wish.purpose = "nightly";
  wish.expects = std::chrono::minutes(5);
  RequestId id{};
  {
    Ledger ledger(file());
    id = add(ledger, wish, 1);
    EXPECT_EQ(grant(ledger, id, "m4", 2), 1u);
  }
  Ledger ledger(file());
  ASSERT_THAT(ledger.open_leases(), SizeIs(1));
  const LeaseRecord record = ledger.open_leases().front();
  EXPECT_EQ(record.id, id);
  EXPECT_EQ(record.wish.owner, "ada");
  EXPECT_EQ(record.wish.selector, "chip=m4");
  EXPECT_EQ(record.wish.priority, Priority::high);
  EXPECT_EQ(record.wish.firmware, sha256("firmware"));
  EXPECT_EQ(record.wish.purpose, "nightly");
  EXPECT_EQ(record.wish.expects, Span(std::chrono::minutes(5)));
  EXPECT_EQ(record.wish.longest, Span(std::chrono::hours(1)));
  EXPECT_EQ(record.asked_at, at(1));
  EXPECT_EQ(record.board, "m4");
  EXPECT_EQ(record.epoch, 1u);
  EXPECT_EQ(record.granted_at, at(2));
  EXPECT_FALSE(record.ended_at);
}

TEST_F(LedgerFile, KeepsNothingOfAStepThatWasNotCommitted) {
  Ledger ledger(file());
  {
    LedgerStep step(ledger);
    step.grant(step.add(wish_of("ada"), at(0)), "m4", at(0));
  }
  EXPECT_THAT(ledger.open_leases(), SizeIs(0));
  EXPECT_THAT(ledger.boards(), SizeIs(0));
}

TEST_F(LedgerFile, AnEpochGrowsWithEachLeaseOfABoard) {
  Ledger ledger(file());
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
    const RequestId id = add(ledger, wish_of("ada"));
    EXPECT_EQ(grant(ledger, id, "m4", 0), epoch);
    end(ledger, id, LeaseEnd::released, 1);
  }
  EXPECT_EQ(grant(ledger, add(ledger, wish_of("ada")), "m7", 0), 1u);
}

TEST_F(LedgerFile, TheDatabaseItselfRefusesASecondLeaseOfABoard) {
  Ledger ledger(file());
  grant(ledger, add(ledger, wish_of("ada")), "m4", 0);
  const RequestId second = add(ledger, wish_of("bob"));
  EXPECT_THROW(grant(ledger, second, "m4", 1), Error);
  EXPECT_EQ(ledger.lease(second)->board, "");
  EXPECT_EQ(ledger.boards().at("m4").epoch, 1u) << "the step as a whole is not kept";
}

TEST_F(LedgerFile, CountsHowLongABoardWasLeased) {
  Ledger ledger(file());
  for (const int seconds : {10, 20}) {
    const RequestId id = add(ledger, wish_of("ada"));
    grant(ledger, id, "m4", 100);
    end(ledger, id, LeaseEnd::released, 100 + seconds);
    end(ledger, id, LeaseEnd::silent, 500);  // it is over already
  }
  const BoardRecord board = ledger.boards().at("m4");
  EXPECT_EQ(board.leases, 2u);
  EXPECT_EQ(board.busy, Span(std::chrono::seconds(30)));
  ASSERT_THAT(ledger.ended(10), SizeIs(2));
  EXPECT_EQ(ledger.ended(10).front().end, LeaseEnd::released);
  EXPECT_THAT(ledger.ended(1), SizeIs(1));
}

TEST_F(LedgerFile, AQuarantineLastsUntilTheBoardPasses) {
  Ledger ledger(file());
  LedgerStep first(ledger);
  first.quarantine("m4", "smells", true);
  first.commit();
  EXPECT_EQ(ledger.boards().at("m4").quarantine, "smells");
  EXPECT_TRUE(ledger.boards().at("m4").is_by_person);
  LedgerStep second(ledger);
  second.pass("m4", sha256("firmware"), at(7));
  second.commit();
  EXPECT_EQ(ledger.boards().at("m4").quarantine, "");
  EXPECT_FALSE(ledger.boards().at("m4").is_by_person);
  EXPECT_EQ(ledger.boards().at("m4").passed, at(7));
  EXPECT_EQ(ledger.boards().at("m4").firmware, sha256("firmware"));
}

TEST_F(LedgerFile, TheAuditIsTheLatestFirst) {
  Ledger ledger(file());
  for (const char* what : {"one", "two", "three"}) {
    LedgerStep step(ledger);
    step.note({0, at(1), "ada", what, "board m4", "done"});
    step.commit();
  }
  ASSERT_THAT(ledger.audit(2), SizeIs(2));
  EXPECT_EQ(ledger.audit(2).front().what, "three");
  EXPECT_EQ(ledger.audit(2).back().number, 2);
}

TEST_F(LedgerFile, OnlyOneDaemonHasIt) {
  const Ledger first(file());
  const Error error = test::error_of([&] { const Ledger second(file()); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_THAT(error.what(), HasSubstr("locked"));
}

TEST_F(LedgerFile, IsNotMadeOfAnotherFile) {
  folder_.write("daemon.db",
                "no database at all, but long enough to look at its first page as SQLite does it");
  EXPECT_THROW(const Ledger ledger(file()), Error);
}

}  // namespace
}  // namespace tinyhil::daemon
