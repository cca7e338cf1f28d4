// SPDX-License-Identifier: Apache-2.0
// What holds of every schedule, over seeded random farms, and the fast one beside the slow one.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "schedule.hpp"
#include "testing/random_farm.hpp"
#include "testing/schedule_reference.hpp"

namespace tinyhil::daemon {
namespace {

using test::RandomFarm;

constexpr std::uint64_t kFarms = 4000;

template <class Check>
void on_random_farms(const Check& check) {
  for (std::uint64_t seed = 1; seed <= kFarms; ++seed) {
    const RandomFarm random = test::random_farm(seed);
    check(random, schedule(random.farm, random.policy, random.now), seed);
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed;
  }
}

std::set<std::string> leased_boards(const Farm& farm) {
  std::set<std::string> leased;
  for (const Lease& lease : farm.leases) leased.insert(lease.board);
  return leased;
}

std::map<std::string, BoardEntry> free_boards(const Farm& farm) {
  std::map<std::string, BoardEntry> free;
  for (const BoardEntry& board : farm.boards) {
    if (board.condition == Condition::free) free.emplace(board.name, board);
  }
  for (const std::string& board : leased_boards(farm)) free.erase(board);
  return free;
}

TEST(RandomSchedule, GrantsEachFreeBoardAndEachRequestOnceAndOnlyWhereTheyMatch) {
  std::size_t grants_seen = 0;
  on_random_farms([&](const RandomFarm& random, const std::vector<Grant>& grants, std::uint64_t) {
    auto free = free_boards(random.farm);
    std::map<RequestId, LeaseRequest> waiting;
    for (const LeaseRequest& request : random.farm.waiting) waiting.emplace(request.id, request);
    for (const Grant& grant : grants) {
      ASSERT_TRUE(free.contains(grant.board)) << grant.board;
      ASSERT_TRUE(waiting.contains(grant.request)) << grant.request.value;
      EXPECT_TRUE(waiting.at(grant.request).selector.matches(free.at(grant.board).labels));
      free.erase(grant.board);
      waiting.erase(grant.request);
    }
    grants_seen += grants.size();
  });
  EXPECT_GT(grants_seen, kFarms);
}

TEST(RandomSchedule, LeavesNoBoardIdleThatAWaitingRequestMatches) {
  std::size_t left_waiting = 0;
  on_random_farms([&](const RandomFarm& random, const std::vector<Grant>& grants, std::uint64_t) {
    auto free = free_boards(random.farm);
    std::set<RequestId> granted;
    for (const Grant& grant : grants) {
      free.erase(grant.board);
      granted.insert(grant.request);
    }
    for (const LeaseRequest& request : random.farm.waiting) {
      if (granted.contains(request.id)) continue;
      ++left_waiting;
      for (const auto& [name, board] : free) EXPECT_FALSE(request.selector.matches(board.labels)) << name;
    }
  });
  EXPECT_GT(left_waiting, kFarms);
}

TEST(RandomSchedule, DoesNotDependOnTheOrderOfTheLists) {
  on_random_farms([](const RandomFarm& random, const std::vector<Grant>& grants, std::uint64_t seed) {
    EXPECT_EQ(schedule(test::shuffled(random.farm, seed), random.policy, random.now), grants);
  });
}

TEST(RandomSchedule, IsWhatTheReferenceSays) {
  on_random_farms([](const RandomFarm& random, const std::vector<Grant>& grants, std::uint64_t) {
    EXPECT_EQ(test::schedule_reference(random.farm, random.policy, random.now), grants);
  });
}

}  // namespace
}  // namespace tinyhil::daemon
