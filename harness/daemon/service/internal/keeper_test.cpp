// SPDX-License-Identifier: Apache-2.0
// The keeper with real locks, in a folder of the test's own, and boards that are never opened.
#include "keeper.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <deque>

#include "base/error.hpp"
#include "testing/folder.hpp"

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Answers what it was given, each once; then that all is good.
class FakeCheck : public BoardCheck {
 public:
  asio::awaitable<CheckResult> greet(InventoryBoard entry) override {
    greeted.push_back(entry.board.name);
    CheckResult result;
    if (!results.empty()) {
      result = results.front();
      results.pop_front();
    }
    co_return result;
  }
  asio::awaitable<bool> reset(InventoryBoard /*entry*/) override {
    ++resets;
    co_return can_reset;
  }

  std::deque<CheckResult> results;
  std::vector<std::string> greeted;
  int resets = 0;
  bool can_reset = false;
};

class KeptBoards : public testing::Test {
 protected:
  KeptBoards() { setenv("TINYHIL_LOCKS", folder_.path().c_str(), 1); }
  ~KeptBoards() override {
    keeper_->stop();
    run_until([] { return false; }, std::chrono::milliseconds(50));
    unsetenv("TINYHIL_LOCKS");
  }

  void start() {
    book_.emplace(ledger_, LeasePolicy{}, Moment(std::chrono::seconds(1'800'000'000)));
    keeper_.emplace(io_.get_executor(), *book_, check_, policy_);
    keeper_->set_inventory(load_inventory({bench_}));
    asio::co_spawn(io_, keeper_->run(), asio::detached);
  }
  template <class Condition>
  bool run_until(Condition holds, std::chrono::milliseconds longest = std::chrono::seconds(20)) {
    const auto end = std::chrono::steady_clock::now() + longest;
    while (!holds() && std::chrono::steady_clock::now() < end) io_.run_one_for(std::chrono::milliseconds(10));
    return holds();
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

  const test::TestFolder folder_;
  const std::filesystem::path bench_ = folder_.write(
      "bench.yaml",
      "bench: desk\nboards: [{name: a, provenance: process, link: {driver: process, command: [cat]}}]\n");
  asio::io_context io_{1};
  Ledger ledger_{folder_.path() / "daemon.db"};
  FakeCheck check_;
  KeeperPolicy policy_;
  std::optional<LeaseBook> book_;
  std::optional<Keeper> keeper_;
};

TEST_F(KeptBoards, ABoardIsFreeOnceItPassedAndNobodyElseCanTakeIt) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.greeted, ElementsAre("a"));
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
  EXPECT_THAT(check_.greeted, ElementsAre("a"));
  end(ask("ada").id, LeaseEnd::silent);
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.greeted, ElementsAre("a", "a"));
}

TEST_F(KeptBoards, ABoardThatFailsIsResetAndThenQuarantined) {
  check_.can_reset = true;
  check_.results = {{"silent", {}}, {"still silent", {}}};
  start();
  ASSERT_TRUE(becomes(Condition::quarantined));
  EXPECT_EQ(check_.resets, 1);
  EXPECT_THAT(book_->board("a").reason, HasSubstr("still silent"));
  EXPECT_EQ(ask("ada").board, "");
  keeper_->readmit("a");
  EXPECT_TRUE(run_until([&] { return book_->board("a").lease.has_value(); }));
}

TEST_F(KeptBoards, ABoardThatAResetMendsIsFree) {
  check_.can_reset = true;
  check_.results = {{"silent", {}}, {"", sha256("firmware")}};
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_EQ(book_->board("a").entry.firmware, sha256("firmware"));
}

TEST_F(KeptBoards, WhatAPersonQuarantinedOnlyAPersonReadmits) {
  start();
  ASSERT_TRUE(becomes(Condition::free));
  const RequestId lease = ask("ada").id;
  keeper_->quarantine("a", "loose cable", "root");
  end(lease, LeaseEnd::silent);
  EXPECT_TRUE(becomes(Condition::quarantined));
  EXPECT_THAT(check_.greeted, ElementsAre("a"));
  keeper_->readmit("a");
  EXPECT_TRUE(becomes(Condition::free));
}

TEST_F(KeptBoards, AQuarantinedBoardThatPassesALaterCheckIsReadmitted) {
  policy_.check_again = std::chrono::minutes(0);
  check_.results = {{"silent", {}}};
  start();
  ASSERT_TRUE(becomes(Condition::free));
  EXPECT_THAT(check_.greeted, ElementsAre("a", "a"));
  EXPECT_EQ(ledger_.audit(1).front().what, "board.readmit");
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
