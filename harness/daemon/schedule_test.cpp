// SPDX-License-Identifier: Apache-2.0
// Each line of the rule in schedule.hpp, on farms that are small enough to check by hand.
#include "schedule.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace tinyhil::daemon {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Moment kNoon{std::chrono::hours(500'004)};

LeaseRequest asked_by(std::uint64_t id, std::string owner, const char* selector = "") {
  LeaseRequest request{.id = {id}, .owner = std::move(owner), .selector = Selector::parse(selector)};
  request.asked_at = kNoon - 10min;
  return request;
}

Lease lease_to(std::string owner, std::string board, Span since, std::optional<Span> expects = {}) {
  Lease lease{.request = {900}, .board = std::move(board), .owner = std::move(owner)};
  lease.granted_at = kNoon - since;
  lease.expects = expects;
  return lease;
}

BoardEntry leased(std::string name, Labels labels = {}) {
  BoardEntry board = board_entry(std::move(name), std::move(labels));
  board.condition = Condition::leased;
  return board;
}

std::vector<std::string> granted(const Farm& farm, const SchedulePolicy& policy = {}) {
  std::vector<std::string> texts;
  for (const Grant& grant : schedule(farm, policy, kNoon))
    texts.push_back(std::to_string(grant.request.value) + " gets " + grant.board);
  return texts;
}

TEST(Schedule, GivesAFreeBoardThatMatches) {
  const Farm farm{.boards = {board_entry("a", {{"chip", "nrf52"}}), board_entry("b", {{"chip", "stm32f4"}})},
                  .waiting = {asked_by(1, "ann", "chip=stm32f4")}};
  EXPECT_THAT(granted(farm), ElementsAre("1 gets b"));
}

TEST(Schedule, OfNothingIsNothing) {
  EXPECT_THAT(granted({}), IsEmpty());
  EXPECT_THAT(granted({.boards = {board_entry("a")}}), IsEmpty());
  EXPECT_THAT(granted({.waiting = {asked_by(1, "ann")}}), IsEmpty());
}

TEST(Schedule, GivesOnlyBoardsThatAreFree) {
  Farm farm{.waiting = {asked_by(1, "ann")}};
  for (const Condition condition : {Condition::leased, Condition::cleaning, Condition::quarantined,
                                    Condition::offline, Condition::absent}) {
    farm.boards = {board_entry("a")};
    farm.boards[0].condition = condition;
    EXPECT_THAT(granted(farm), IsEmpty());
  }
  farm.boards[0].condition = Condition::free;
  farm.leases = {lease_to("ben", "a", 1min)};  // the ledger was faster than the condition
  EXPECT_THAT(granted(farm), IsEmpty());
}

TEST(Schedule, ServesTheHigherPriorityFirst) {
  Farm farm{.boards = {board_entry("a")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ben"), asked_by(3, "cem")}};
  farm.waiting[0].priority = Priority::low;
  farm.waiting[2].priority = Priority::high;
  EXPECT_THAT(granted(farm), ElementsAre("3 gets a"));
}

TEST(Schedule, RaisesARequestByOnePriorityForEachTimeOfAgeing) {
  Farm farm{.boards = {board_entry("a")}, .waiting = {asked_by(1, "ann"), asked_by(2, "ben")}};
  farm.waiting[0].priority = Priority::low;
  farm.waiting[1].priority = Priority::high;
  farm.waiting[0].asked_at = kNoon - 2h + 1us;
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a"));
  farm.waiting[0].asked_at = kNoon - 2h;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets a"));
  farm.waiting[0].asked_at = kNoon - 2000h;  // it rises no further: the share decides again
  farm.used = {{"ann", 1h, kNoon}};
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a"));
}

TEST(Schedule, LetsNoRisenRequestPassAnOwnerWhoUsedLessAndAskedWithItsPriority) {
  Farm farm{.boards = {board_entry("a"), board_entry("b"), board_entry("c")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ben"), asked_by(3, "cem")},
            .used = {{"ann", 5h, kNoon}, {"ben", 1h, kNoon}, {"cem", 9h, kNoon}}};
  farm.waiting[0].asked_at = kNoon - 3h;  // rises from normal to high
  farm.waiting[2].priority = Priority::high;
  // Without the 1, the 3 would pass the 2. The 1 passes the 3 by its share, and so the 2 does, too.
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a", "1 gets b", "3 gets c"));
  farm.used[2].used = 3h;  // now the 3 passes the 1 by its share, and the 2 by its priority
  EXPECT_THAT(granted(farm), ElementsAre("3 gets a", "2 gets b", "1 gets c"));
  farm.waiting[1].priority = Priority::low;  // less than what the 1 was asked with
  EXPECT_THAT(granted(farm), ElementsAre("3 gets a", "1 gets b", "2 gets c"));
}

TEST(Schedule, ServesTheOwnerWhoUsedLessFirst) {
  Farm farm{.boards = {board_entry("a")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ben")},
            .used = {{"ann", 10min, kNoon}, {"ben", 9min, kNoon}}};
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a"));
}

TEST(Schedule, CountsUseOfLongAgoLess) {
  Farm farm{.boards = {board_entry("a")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ben")},
            .used = {{"ann", 39min, kNoon - 8h}, {"ben", 10min, kNoon}}};
  EXPECT_THAT(granted(farm), ElementsAre("1 gets a"));
  farm.used[0].used = 41min;  // a quarter is left after two half-lives
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a"));
}

TEST(Schedule, CountsWhatAnOwnerHolds) {
  Farm farm{.boards = {board_entry("a"), leased("b")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ben")},
            .leases = {lease_to("ann", "b", 30min)},
            .used = {{"ben", 29min, kNoon}}};
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a"));
  farm.used[0].used = 31min;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets a"));
  farm.leases[0].expects = 1h;  // counts at once
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a"));
}

TEST(Schedule, TakesTurnsBetweenOwnersWithinOnePass) {
  Farm farm{.boards = {board_entry("a"), board_entry("b"), board_entry("c")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ann"), asked_by(3, "ann"), asked_by(4, "ben")}};
  farm.waiting[3].asked_at = kNoon;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets a", "4 gets b", "2 gets c"));
}

TEST(Schedule, ChargesWhatARequestExpectsWhenItIsGranted) {
  Farm farm{.boards = {board_entry("a"), board_entry("b"), board_entry("c")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ann"), asked_by(3, "ben"), asked_by(4, "ben")}};
  farm.waiting[0].expects = 1h;
  for (const std::size_t of_ben : {2, 3}) farm.waiting[of_ben].expects = 20min;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets a", "3 gets b", "4 gets c"));
}

TEST(Schedule, ServesTheEarlierRequestOfAnOwnerFirstThenTheSmallerId) {
  Farm farm{.boards = {board_entry("a"), board_entry("b")},
            .waiting = {asked_by(3, "ann"), asked_by(2, "ann"), asked_by(4, "ann")}};
  farm.waiting[2].asked_at = kNoon - 11min;
  EXPECT_THAT(granted(farm), ElementsAre("4 gets a", "2 gets b"));
}

TEST(Schedule, ServesOwnersBelowTheMaximumBeforeThoseAtIt) {
  Farm farm{.boards = {board_entry("a"), leased("b")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ben")},
            .leases = {lease_to("ann", "b", 1min)}};
  farm.waiting[0].priority = Priority::high;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets a"));
  EXPECT_THAT(granted(farm, {.boards_per_owner = 1}), ElementsAre("2 gets a"));
}

TEST(Schedule, LetsAnOwnerExceedTheMaximumWhenNobodyElseCanUseTheBoard) {
  const Farm farm{.boards = {board_entry("a"), board_entry("b"), leased("c", {{"meter", "ppk2"}})},
                  .waiting = {asked_by(1, "ann"), asked_by(2, "ann"), asked_by(3, "ben", "meter")}};
  EXPECT_THAT(granted(farm, {.boards_per_owner = 1}), ElementsAre("1 gets a", "2 gets b"));
}

TEST(Schedule, IsNotHeldUpByARequestThatCannotBeServed) {
  Farm farm{.boards = {board_entry("a"), leased("b", {{"meter", "ppk2"}})},
            .waiting = {asked_by(1, "ann", "meter"), asked_by(2, "ben")}};
  farm.waiting[0].priority = Priority::high;
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a"));
}

TEST(Schedule, HoldsNothingBackForARequestThatCannotBeServed) {
  Farm farm{.boards = {board_entry("a", {{"meter", "ppk2"}})},
            .waiting = {asked_by(1, "ann", "meter,probe"), asked_by(2, "ben", "meter")}};
  farm.waiting[0].priority = Priority::high;
  EXPECT_THAT(granted(farm), ElementsAre("2 gets a"));
}

TEST(Schedule, PrefersTheBoardThatHasTheFirmwareAlready) {
  Farm farm{.boards = {board_entry("a"), board_entry("b")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ben", "board=b")}};
  farm.boards[1].firmware = sha256("image");
  farm.waiting[0].firmware = sha256("image");
  farm.waiting[0].priority = Priority::high;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets b"));
  farm.boards[1].firmware = sha256("other");
  EXPECT_THAT(granted(farm), ElementsAre("1 gets a", "2 gets b"));
}

TEST(Schedule, KeepsASpecialBoardForWhoNeedsIt) {
  Farm farm{.boards = {board_entry("a", {{"meter", "ppk2"}}), board_entry("b")},
            .waiting = {asked_by(1, "ann"), asked_by(2, "ben", "meter")}};
  farm.waiting[0].priority = Priority::high;
  farm.boards[1].busy = 100h;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets b", "2 gets a"));
}

TEST(Schedule, NoLongerKeepsABoardForWhoWasServed) {
  Farm farm{.boards = {board_entry("a"), board_entry("b"), board_entry("c")},
            .waiting = {asked_by(1, "ann", "board in (a,c)"), asked_by(2, "ben", "board in (a,b)")}};
  farm.waiting[0].priority = Priority::high;
  farm.boards[1].busy = 1h;
  farm.waiting[0].firmware = farm.boards[2].firmware = sha256("image");
  EXPECT_THAT(granted(farm), ElementsAre("1 gets c", "2 gets a"));
}

TEST(Schedule, SparesTheBoardThatWoreMost) {
  Farm farm{.boards = {board_entry("a"), board_entry("b")}, .waiting = {asked_by(1, "ann")}};
  farm.boards[0].busy = 2h;
  farm.boards[1].busy = 1h;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets b"));
  farm.boards[1].busy = 2h;
  EXPECT_THAT(granted(farm), ElementsAre("1 gets a"));
}

}  // namespace
}  // namespace tinyhil::daemon
