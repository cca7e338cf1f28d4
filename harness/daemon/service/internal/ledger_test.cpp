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

HealthCheck check_that(const std::string& problem, std::vector<StepTaken> steps = {}) {
  HealthCheck check;
  check.at = at(3);
  check.cause = CheckCause::readmission;
  check.command = "tinyhil boards";
  check.first_problem = steps.empty() ? problem : "silent";
  check.problem = problem;
  check.firmware = sha256("firmware");
  check.steps = std::move(steps);
  return check;
}

void keep(Ledger& ledger, const HealthCheck& check) {
  LedgerStep step(ledger);
  step.add_check("m4", check);
  step.commit();
}

TEST_F(LedgerFile, KeepsWhatAChecksStepsWereAndCountsThem) {
  Ledger ledger(file());
  keep(ledger, check_that("", {{Step::repeat, "", "silent", false}, {Step::reset, "", "", false}}));
  keep(ledger, check_that("", {{Step::repeat, "", "", false}}));
  keep(ledger, check_that("silent"));
  keep(ledger, check_that(""));
  const HealthFigures health = ledger.boards().at("m4").health;
  EXPECT_EQ(health.checks, 4u);
  EXPECT_EQ(health.failed, 3u);
  EXPECT_EQ(health.flaky, 1u);
  EXPECT_EQ(health.steps.at(Step::repeat).used, 2u);
  EXPECT_EQ(health.steps.at(Step::repeat).helped, 1u);
  EXPECT_EQ(health.steps.at(Step::reset).helped, 1u);
  const std::vector<HealthCheck> checks = ledger.checks("m4", 100);
  ASSERT_THAT(checks, SizeIs(4));
  EXPECT_EQ(checks.back().at, at(3));
  EXPECT_EQ(checks.back().cause, CheckCause::readmission);
  EXPECT_EQ(checks.back().command, "tinyhil boards");
  EXPECT_EQ(checks.back().first_problem, "silent");
  EXPECT_EQ(checks.back().firmware, sha256("firmware"));
  ASSERT_THAT(checks.back().steps, SizeIs(2));
  EXPECT_EQ(checks.back().steps.front().seen, "silent");
  EXPECT_TRUE(checks.back().steps.back().has_helped());
}

TEST_F(LedgerFile, KeepsTheLatestHundredChecksOfABoard) {
  Ledger ledger(file());
  for (int i = 0; i < 103; ++i) keep(ledger, check_that(std::to_string(i)));
  ASSERT_THAT(ledger.checks("m4", 1000), SizeIs(100));
  EXPECT_EQ(ledger.checks("m4", 1).front().problem, "102");
  EXPECT_EQ(ledger.boards().at("m4").health.checks, 103u);
}

TEST_F(LedgerFile, ADatabaseOfAnOlderTinyhilOpensAndKeepsWhatItKnows) {
  {
    Ledger ledger(file());
    add(ledger, wish_of("ada"));
    LedgerStep step(ledger);
    step.quarantine("m4", "smells", true);
    step.commit();
  }
  {
    store::Connection connection(file(), file().string(), SQLITE_OPEN_READWRITE);
    connection.execute(
        "DROP TABLE board_step; DROP TABLE board_check; DROP TABLE board_check_step;"
        "ALTER TABLE board DROP COLUMN checks; ALTER TABLE board DROP COLUMN failed;"
        "ALTER TABLE board DROP COLUMN flaky; PRAGMA user_version = 1");
  }
  Ledger ledger(file());
  EXPECT_THAT(ledger.open_leases(), SizeIs(1));
  EXPECT_EQ(ledger.boards().at("m4").quarantine, "smells");
  keep(ledger, check_that(""));
  EXPECT_EQ(ledger.boards().at("m4").health.checks, 1u);
}

TEST_F(LedgerFile, ADatabaseOfANewerTinyhilIsLeftAlone) {
  { const Ledger ledger(file()); }
  {
    store::Connection connection(file(), file().string(), SQLITE_OPEN_READWRITE);
    connection.execute("PRAGMA user_version = 99");
  }
  const Error error = test::error_of([&] { const Ledger ledger(file()); });
  EXPECT_THAT(error.what(), HasSubstr("version 99"));
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
