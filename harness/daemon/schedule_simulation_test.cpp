// SPDX-License-Identifier: Apache-2.0
// Days of a farm of eight boards in virtual time: are shares fair, and does everybody get a board at last?
#include <gmock/gmock.h>

#include <algorithm>

#include "stats/seeded_random.hpp"
#include "testing/farm_simulation.hpp"

namespace tinyhil::daemon {
namespace {

using namespace std::chrono_literals;
using test::FarmSimulation;
using testing::Each;
using testing::Le;

const Moment kMonday{std::chrono::hours(500'000)};

std::vector<BoardEntry> eight_boards() {
  std::vector<BoardEntry> boards;
  for (int i = 0; i < 8; ++i) boards.push_back(board_entry("board-" + std::to_string(i)));
  for (const std::size_t i : {0, 1}) boards[i].labels["meter"] = "ppk2";
  return boards;
}

// Keeps `backlog` requests waiting, each for half to one and a half of `takes`.
struct RequestSource {
  std::string owner;
  std::size_t backlog;
  Span takes;
  Priority priority = Priority::normal;
  const char* selector = "";
  std::optional<Span> says{};  // what it expects, where that is not the truth
};

class FarmLoad {
 public:
  explicit FarmLoad(const SchedulePolicy& policy = {}) : farm_(eight_boards(), policy, kMonday) {}

  RequestId ask(const RequestSource& source) {
    LeaseRequest request{.id = {next_id_++}, .owner = source.owner};
    request.selector = Selector::parse(source.selector);
    request.priority = source.priority;
    const auto takes = std::chrono::duration_cast<Span>(source.takes * (0.5 + random_.uniform()));
    request.expects = source.says.value_or(takes);
    const RequestId id = request.id;
    farm_.ask(std::move(request), takes);
    return id;
  }

  // Until `end`, a minute at a time: whose backlog is short asks again.
  void saturate(const std::vector<RequestSource>& sources, Span end) {
    for (; farm_.now() < kMonday + end; farm_.run_until(farm_.now() + 1min)) {
      for (const RequestSource& source : sources) {
        while (farm_.waiting(source.owner) < source.backlog) ask(source);
      }
    }
  }

  double share(const std::string& owner, const std::vector<RequestSource>& of) const {
    Span all{0};
    for (const RequestSource& source : of) all += farm_.held(source.owner);
    return static_cast<double>(farm_.held(owner).count()) / static_cast<double>(all.count());
  }

  FarmSimulation& farm() { return farm_; }

 private:
  FarmSimulation farm_;
  stats::SeededRandom random_{1};
  std::uint64_t next_id_ = 1;
};

TEST(ScheduleSimulation, DividesBoardTimeAlikeHoweverLongLeasesAreAndHoweverManyWait) {
  const std::vector<RequestSource> sources = {{"ann", 3, 20min}, {"ben", 60, 2min}, {"cem", 15, 5min}};
  FarmLoad load;
  load.saturate(sources, 24h);
  for (const RequestSource& source : sources) EXPECT_NEAR(load.share(source.owner, sources), 1.0 / 3, 0.02);
  EXPECT_GT(load.share("ann", sources), 0);
}

TEST(ScheduleSimulation, GivesNoMoreToWhoSaysThatLeasesAreShort) {
  const std::vector<RequestSource> sources = {
      {"ann", 20, 20min, Priority::normal, "", 0s}, {"ben", 20, 20min}, {"cem", 20, 20min}};
  FarmLoad load;
  load.saturate(sources, 24h);
  for (const RequestSource& source : sources) EXPECT_NEAR(load.share(source.owner, sources), 1.0 / 3, 0.02);
}

TEST(ScheduleSimulation, DividesWhatOneOwnerCannotUseAmongTheOthers) {
  const std::vector<RequestSource> sources = {
      {"ann", 10, 10min, Priority::normal, "meter"}, {"ben", 10, 10min}, {"cem", 10, 10min}};
  FarmLoad load;
  load.saturate(sources, 24h);
  EXPECT_NEAR(load.share("ann", sources), 2.0 / 8, 0.02);  // both boards with a meter, less than a third
  EXPECT_NEAR(load.share("ben", sources), 3.0 / 8, 0.02);
  EXPECT_NEAR(load.share("cem", sources), 3.0 / 8, 0.02);
}

TEST(ScheduleSimulation, WearsBoardsAlike) {
  FarmLoad load;
  load.saturate({{"ann", 1, 8min}}, 24h);
  const auto [least, most] = std::ranges::minmax(load.farm().farm().boards, {}, &BoardEntry::busy);
  EXPECT_GT(least.busy, 0s);
  EXPECT_LT(most.busy - least.busy, 1h);
}

// How long each of these waited that asked every half an hour, beside owners who keep the farm full.
std::vector<Span> waits(const RequestSource& asker, const std::vector<RequestSource>& others) {
  FarmLoad load;
  std::vector<std::pair<RequestId, Moment>> asked;
  for (Span time = 1h; time < 24h; time += 30min) {
    load.saturate(others, time);
    asked.emplace_back(load.ask(asker), load.farm().now());
  }
  load.saturate(others, 48h);
  std::vector<Span> waits;
  for (const auto& [id, moment] : asked) {
    const std::optional<Moment> started = load.farm().started(id);
    waits.push_back(started ? *started - moment : Span::max());
  }
  return waits;
}

TEST(ScheduleSimulation, ServesWhoAsksForLittleAsSoonAsABoardComesFree) {
  const std::vector<Span> waited = waits({"ben", 0, 5min}, {{"ann", 50, 20min}, {"cem", 50, 20min}});
  EXPECT_THAT(waited, Each(Le(15min)));
}

TEST(ScheduleSimulation, ServesLowPriorityAfterTwoHoursOfAgeing) {
  std::vector<Span> waited = waits({"ben", 0, 5min, Priority::low},
                                   {{"ann", 20, 20min, Priority::high}, {"cem", 20, 20min, Priority::high}});
  EXPECT_THAT(waited, Each(Le(2h + 15min)));
  EXPECT_THAT(waited, Each(testing::Ge(Span(2h))));
}

TEST(ScheduleSimulation, ServesLowPriorityOfAnOwnerWhoKeepsAskingForHigh) {
  FarmLoad load;
  std::vector<std::pair<RequestId, Moment>> asked;
  const std::vector<RequestSource> sources = {{"ann", 20, 20min, Priority::high},
                                              {"ben", 20, 20min, Priority::high}};
  for (Span time = 0s; time < 24h; time += 2h) {
    load.saturate(sources, time);
    asked.emplace_back(load.ask({"ann", 0, 5min, Priority::low}), load.farm().now());
  }
  load.saturate(sources, 30h);
  for (const auto& [id, moment] : asked) {
    ASSERT_TRUE(load.farm().started(id));
    EXPECT_LE(*load.farm().started(id) - moment, 3h);
  }
}

}  // namespace
}  // namespace tinyhil::daemon
