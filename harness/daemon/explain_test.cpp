// SPDX-License-Identifier: Apache-2.0
#include "explain.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "testing/farm_simulation.hpp"
#include "testing/random_farm.hpp"

namespace tinyhil::daemon {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Moment kExplainedAt{std::chrono::hours(600'000)};

LeaseRequest wants(std::uint64_t id, std::string owner, const char* selector = "") {
  LeaseRequest request{.id = {id}, .owner = std::move(owner), .selector = Selector::parse(selector)};
  request.asked_at = kExplainedAt - 10min;
  request.expects = 10min;
  return request;
}

BoardEntry board_in(Condition condition, std::string name, Labels labels = {}) {
  BoardEntry board = board_entry(std::move(name), std::move(labels));
  board.condition = condition;
  return board;
}

// Granted five minutes ago, for ten expected ones and an hour at most.
Lease lease_of(std::string owner, std::string board) {
  return {.request = {900},
          .board = std::move(board),
          .owner = std::move(owner),
          .granted_at = kExplainedAt - 5min,
          .expires_at = kExplainedAt + 55min,
          .last_heartbeat = kExplainedAt,
          .expects = 10min};
}

Explanation why(const Farm& farm, std::uint64_t id, const SchedulePolicy& policy = {}) {
  return explain(farm, policy, {id}, kExplainedAt).value();
}

TEST(Explanation, IsOfRequestsThatWait) {
  const Farm farm{.boards = {board_entry("a")}, .waiting = {wants(1, "ann")}};
  EXPECT_FALSE(explain(farm, {}, {2}, kExplainedAt));
  EXPECT_EQ(why(farm, 1).blocker, Blocker::nothing);
  EXPECT_EQ(why(farm, 1).expected_start, kExplainedAt);
  EXPECT_EQ(why(farm, 1).position, 1u);
}

TEST(Explanation, SaysWhoHasTheBoardsUntilWhen) {
  const Farm farm{.boards = {board_in(Condition::leased, "a"), board_in(Condition::quarantined, "b")},
                  .waiting = {wants(1, "ann")},
                  .leases = {lease_of("ben", "a")}};
  const Explanation said = why(farm, 1);
  EXPECT_EQ(said.blocker, Blocker::boards_taken);
  ASSERT_EQ(said.matching.size(), 2u);
  EXPECT_EQ(said.matching[0].owner, "ben");
  EXPECT_EQ(said.matching[0].leased_until, kExplainedAt + 55min);
  EXPECT_EQ(said.matching[0].expected_free, kExplainedAt + 5min + 30s);
  EXPECT_EQ(said.matching[1].condition, Condition::quarantined);
  EXPECT_FALSE(said.matching[1].expected_free);
  EXPECT_EQ(said.expected_start, kExplainedAt + 5min + 30s);
}

TEST(Explanation, SaysWhenNoBoardThatMatchesIsInService) {
  const Farm farm{.boards = {board_in(Condition::offline, "a"), board_in(Condition::quarantined, "b")},
                  .waiting = {wants(1, "ann")}};
  EXPECT_EQ(why(farm, 1).blocker, Blocker::out_of_service);
  EXPECT_FALSE(why(farm, 1).expected_start);
}

TEST(Explanation, CountsTheRequestsBeforeItThatWantTheSameBoards) {
  Farm farm{.boards = {board_in(Condition::leased, "a"), board_in(Condition::leased, "b")},
            .waiting = {wants(1, "ann", "board=a"), wants(2, "ben", "board=b"), wants(3, "cem", "board=a"),
                        wants(4, "dan", "")}};
  EXPECT_EQ(why(farm, 3).position, 2u);
  EXPECT_EQ(why(farm, 3).queue, 3u);
  EXPECT_EQ(why(farm, 4).position, 4u);
  farm.waiting[2].priority = Priority::high;
  EXPECT_EQ(why(farm, 3).position, 1u);
}

TEST(Explanation, LetsOwnersTakeTurnsInTheQueue) {
  const Farm farm{.boards = {board_in(Condition::leased, "a")},
                  .waiting = {wants(1, "ann"), wants(2, "ann"), wants(3, "ann"), wants(4, "ben")}};
  EXPECT_EQ(why(farm, 4).position, 2u);
  EXPECT_EQ(why(farm, 2).position, 3u);
}

TEST(Explanation, SaysThatItsOwnerIsAtTheMaximum) {
  Farm farm{.boards = {board_in(Condition::leased, "a"), board_in(Condition::leased, "b")},
            .waiting = {wants(1, "ann"), wants(2, "ben")},
            .leases = {lease_of("ann", "a"), lease_of("cem", "b")}};
  const SchedulePolicy policy{.boards_per_owner = 1};
  EXPECT_EQ(why(farm, 1, policy).blocker, Blocker::owner_at_maximum);
  EXPECT_EQ(why(farm, 1, policy).owner_holds, 1u);
  EXPECT_EQ(why(farm, 1, policy).position, 2u);
  EXPECT_EQ(why(farm, 2, policy).blocker, Blocker::boards_taken);
  farm.waiting.pop_back();  // without others it is no matter
  EXPECT_EQ(why(farm, 1, policy).blocker, Blocker::boards_taken);
}

TEST(Explanation, DoesNotBlameTheMaximumWhenOthersWaitForOtherBoards) {
  const Farm farm{.boards = {board_in(Condition::leased, "a"), board_in(Condition::leased, "b")},
                  .waiting = {wants(1, "ann", "board=a"), wants(2, "ben", "board=b")},
                  .leases = {lease_of("ann", "a"), lease_of("cem", "b")}};
  EXPECT_EQ(why(farm, 1, {.boards_per_owner = 1}).blocker, Blocker::boards_taken);
}

TEST(Explanation, DoesNotChargeAnOwnerForRequestsThatCannotBeServed) {
  const Farm farm{.boards = {board_in(Condition::leased, "a"), board_in(Condition::offline, "b")},
                  .waiting = {wants(1, "ann", "board=b"), wants(2, "ann", "board=a"), wants(3, "ben")}};
  EXPECT_EQ(why(farm, 2).position, 1u);
}

TEST(Explanation, NamesTheValueThatNoBoardHasAndTheNearest) {
  const Farm farm{.boards = {board_entry("a", {{"chip", "stm32f4"}}), board_entry("b", {{"chip", "nrf52"}})},
                  .waiting = {wants(1, "ann", "board=a,chip=stm32f5")}};
  const Explanation said = why(farm, 1);
  EXPECT_EQ(said.blocker, Blocker::no_board_matches);
  ASSERT_TRUE(said.unmatched);
  EXPECT_EQ(said.unmatched->term, "chip=stm32f5");
  EXPECT_TRUE(said.unmatched->alone);
  EXPECT_EQ(said.unmatched->without_it, 1u);
  EXPECT_EQ(said.unmatched->remedy, "did you mean `chip=stm32f4`? values of `chip` are `stm32f4`");
  EXPECT_FALSE(said.expected_start);
}

TEST(Explanation, NamesTheLabelThatNoBoardHasAndTheNearest) {
  const Farm farm{.boards = {board_entry("a", {{"probe", "st-link"}})},
                  .waiting = {wants(1, "ann", "prode")}};
  EXPECT_EQ(why(farm, 1).unmatched->term, "prode");
  EXPECT_EQ(why(farm, 1).unmatched->remedy, "did you mean `probe`? labels are `board`, `probe`");
}

TEST(Explanation, NamesTheTermWithoutWhichMostBoardsWouldMatch) {
  const Farm farm{.boards = {board_entry("a", {{"chip", "nrf52"}}), board_entry("b", {{"chip", "nrf52"}}),
                             board_entry("c", {{"chip", "stm32f4"}, {"meter", "ppk2"}})},
                  .waiting = {wants(1, "ann", "chip=nrf52,meter"), wants(2, "ann", "chip=stm32f4,!meter")}};
  EXPECT_EQ(why(farm, 1).unmatched->term, "meter");
  EXPECT_FALSE(why(farm, 1).unmatched->alone);
  EXPECT_EQ(why(farm, 1).unmatched->without_it, 2u);
  EXPECT_EQ(why(farm, 1).unmatched->remedy, "drop `meter`");
  EXPECT_EQ(why(farm, 2).unmatched->term, "chip=stm32f4");
  EXPECT_THAT(why(farm, 2).unmatched->remedy, HasSubstr("values of `chip` are `nrf52`"));
}

TEST(Explanation, NamesATermThatNoBoardMeetsWhenSeveralAreToBlame) {
  const Farm farm{.boards = {board_entry("a", {{"chip", "stm32f4"}, {"bench", "desk"}})},
                  .waiting = {wants(1, "ann", "board!=a,chip=stm32f5,pool=ci")}};
  EXPECT_EQ(why(farm, 1).unmatched->term, "board!=a");
  const Farm with_another{.boards = {farm.boards[0], board_entry("b", {{"pool", "ci"}})},
                          .waiting = {wants(1, "ann", "bench,chip=stm32f5,pool=lab")}};
  EXPECT_EQ(why(with_another, 1).unmatched->term, "chip=stm32f5");
  EXPECT_EQ(why(with_another, 1).unmatched->without_it, 0u);
  EXPECT_THAT(why(with_another, 1).unmatched->remedy, HasSubstr("did you mean `chip=stm32f4`?"));
}

TEST(Explanation, ShowsNoMoreThanEightLabels) {
  Farm farm{.waiting = {wants(1, "ann", "board=zebra")}};
  for (int i = 0; i < 10; ++i) farm.boards.push_back(board_entry("b" + std::to_string(i)));
  EXPECT_EQ(why(farm, 1).unmatched->remedy,
            "values of `board` are `b0`, `b1`, `b2`, `b3`, `b4`, `b5`, `b6`, `b7` and 2 more");
}

TEST(Explanation, OfAFarmWithoutBoardsSaysSo) {
  const Farm farm{.waiting = {wants(1, "ann")}};
  EXPECT_THAT(why(farm, 1).unmatched->remedy, HasSubstr("add boards"));
}

TEST(ExpectedStart, ComesAfterTheRequestsBeforeIt) {
  Farm farm{.boards = {board_in(Condition::leased, "a")},
            .waiting = {wants(1, "ann"), wants(2, "ann"), wants(3, "ann")},
            .leases = {lease_of("ben", "a")}};
  const Moment back = kExplainedAt + 5min + 30s;
  EXPECT_EQ(why(farm, 3).expected_start, back + 2 * (10min + 30s));
  farm.waiting[1].expects.reset();
  EXPECT_EQ(why(farm, 2).expected_start, back + 10min + 30s);
  EXPECT_FALSE(why(farm, 3).expected_start);
}

TEST(ExpectedStart, GoesByTheHardEndOfALeaseThatIsLate) {
  Farm farm{.boards = {board_in(Condition::leased, "a")},
            .waiting = {wants(1, "ann")},
            .leases = {lease_of("ben", "a")}};
  farm.leases[0].expects = 2h;  // longer than it may have it
  EXPECT_EQ(why(farm, 1).expected_start, kExplainedAt + 55min + 30s);
  farm.leases[0].expects = 4min;
  EXPECT_EQ(why(farm, 1).expected_start, kExplainedAt + 55min + 30s);
  farm.leases[0].expects.reset();
  EXPECT_EQ(why(farm, 1).expected_start, kExplainedAt + 55min + 30s);
  farm.leases[0].expires_at = Moment::max();
  EXPECT_FALSE(why(farm, 1).expected_start);
  farm.leases[0].expires_at = kExplainedAt - 1min;  // over, and not yet ended
  EXPECT_EQ(why(farm, 1).expected_start, kExplainedAt + 30s);
}

TEST(ExpectedStart, TakesNegativeExpectationsForNone) {
  Farm farm{.boards = {board_in(Condition::leased, "a")},
            .waiting = {wants(1, "ann"), wants(2, "ann")},
            .leases = {lease_of("ben", "a")}};
  farm.waiting[0].expects = -5h;
  EXPECT_EQ(why(farm, 2).expected_start, kExplainedAt + 5min + 2 * 30s);
}

TEST(ExpectedStart, IsNotKnownOfABoardThatWasTakenOutOfServiceWhileItIsLeased) {
  const Farm farm{.boards = {board_in(Condition::quarantined, "a")},
                  .waiting = {wants(1, "ann")},
                  .leases = {lease_of("ben", "a")}};
  EXPECT_FALSE(why(farm, 1).expected_start);
  EXPECT_EQ(why(farm, 1).matching[0].owner, "ben");
}

TEST(ExpectedStart, CountsWhatTheNextPassGrants) {
  const Farm farm{.boards = {board_entry("a"), board_in(Condition::cleaning, "b")},
                  .waiting = {wants(1, "ann"), wants(2, "ben", "board=a"), wants(3, "cem")}};
  EXPECT_EQ(why(farm, 1).blocker, Blocker::nothing);
  EXPECT_EQ(why(farm, 2).blocker, Blocker::boards_taken);
  EXPECT_EQ(why(farm, 2).expected_start, kExplainedAt + 10min + 30s);
  EXPECT_EQ(why(farm, 3).expected_start, kExplainedAt + 30s);
}

TEST(ExpectedStart, IsWhatHappensWhenBoardsAreAlikeAndNothingElseComes) {
  test::FarmSimulation farm({board_entry("a"), board_entry("b"), board_entry("c")}, {}, kExplainedAt);
  for (std::uint64_t id = 1; id <= 30; ++id) {
    LeaseRequest request = wants(id, "ann");
    request.expects = 1min * (1 + id * 7 % 12);
    farm.ask(request, *request.expects);
  }
  std::map<RequestId, Moment> expected;
  for (const LeaseRequest& request : farm.farm().waiting)
    expected.emplace(request.id, explain(farm.farm(), {}, request.id, kExplainedAt)->expected_start.value());
  EXPECT_EQ(expected.size(), 27u);
  farm.run_until(kExplainedAt + 5h);
  for (const auto& [id, moment] : expected) EXPECT_EQ(farm.started(id), moment) << id.value;
}

TEST(Explanation, AgreesWithTheScheduleOnRandomFarms) {
  std::map<Blocker, int> seen;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const test::RandomFarm random = test::random_farm(seed);
    const std::vector<Grant> grants = schedule(random.farm, random.policy, random.now);
    for (const LeaseRequest& request : random.farm.waiting) {
      const Explanation said = explain(random.farm, random.policy, request.id, random.now).value();
      const bool granted = std::ranges::count(grants, request.id, &Grant::request) > 0;
      const bool matches = std::ranges::any_of(random.farm.boards, [&](const BoardEntry& board) {
        return request.selector.matches(board.labels);
      });
      EXPECT_EQ(said.blocker == Blocker::nothing, granted) << seed;
      EXPECT_EQ(said.blocker == Blocker::no_board_matches, !matches) << seed;
      EXPECT_EQ(said.unmatched.has_value(), !matches) << seed;
      EXPECT_EQ(said.matching.empty(), !matches) << seed;
      EXPECT_EQ(said.expected_start == random.now && granted, granted) << seed;
      EXPECT_TRUE(said.position >= 1 && said.position <= said.queue) << seed;
      ++seen[said.blocker];
    }
  }
  EXPECT_EQ(seen.size(), 5u);
}

}  // namespace
}  // namespace tinyhil::daemon
