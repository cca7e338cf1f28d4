// SPDX-License-Identifier: Apache-2.0
#include "random_farm.hpp"

#include <algorithm>
#include <utility>

#include "stats/seeded_random.hpp"

namespace tinyhil::test {
namespace {

using namespace std::chrono_literals;
using daemon::Condition;
using daemon::Farm;

const daemon::Moment kNow{std::chrono::hours(1'000'000)};

class FarmDice {
 public:
  explicit FarmDice(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t end) { return random_.below(end); }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  template <class T>
  T pick(std::initializer_list<T> from) {
    return *(from.begin() + below(from.size()));
  }

  std::string word(char letter, std::uint64_t count) { return letter + std::to_string(below(count)); }
  std::string owner() { return word('o', 4); }
  daemon::Span up_to_hours(std::uint64_t hours) { return 10min * below(6 * hours + 1); }
  std::optional<Digest> firmware() {
    if (chance(40)) return {};
    return sha256(word('f', 2));
  }
  std::optional<daemon::Span> expects() {
    if (chance(30)) return {};
    return pick<daemon::Span>({0s, 1min, 10min, 2h});
  }

 private:
  stats::SeededRandom random_;
};

daemon::BoardEntry random_board(FarmDice& dice, std::size_t number) {
  daemon::Labels labels;
  for (const char key : {'k', 'l', 'm'}) {
    if (dice.chance(60)) labels[std::string(1, key)] = dice.word('v', 3);
  }
  daemon::BoardEntry board = daemon::board_entry("b" + std::to_string(number), std::move(labels));
  board.condition =
      dice.pick({Condition::free, Condition::free, Condition::free, Condition::leased, Condition::cleaning,
                 Condition::quarantined, Condition::offline, Condition::absent});
  board.firmware = dice.firmware();
  board.busy = dice.up_to_hours(1);
  return board;
}

std::string random_selector(FarmDice& dice) {
  std::string text;
  for (std::uint64_t terms = dice.below(4); terms > 0; --terms) {
    const std::string key(1, dice.pick({'k', 'l', 'm', 'n'}));
    const std::string value = dice.word('v', 4);
    text += (text.empty() ? "" : ",") +
            dice.pick<std::string>({key, '!' + key, key + '=' + value, key + "!=" + value,
                                    key + " in (" + value + ", v0)", key + " notin (" + value + ", v1)",
                                    "board!=b1", "board in (b0, b3, b5)"});
  }
  return text;
}

// Of `selectors` mostly, so that several want the same.
daemon::LeaseRequest random_request(FarmDice& dice, std::size_t number,
                                    const std::vector<std::string>& selectors) {
  daemon::LeaseRequest request{.id = {number}, .owner = dice.owner()};
  const bool is_common = dice.chance(70);
  request.selector =
      daemon::Selector::parse(is_common ? selectors[dice.below(selectors.size())] : random_selector(dice));
  request.priority = dice.pick({daemon::Priority::low, daemon::Priority::normal, daemon::Priority::high});
  request.asked_at = kNow - dice.up_to_hours(3) + (dice.chance(5) ? 30min : 0min);  // some in the future
  request.firmware = dice.firmware();
  request.expects = dice.expects();
  return request;
}

daemon::Lease random_lease(FarmDice& dice, const std::string& board, std::size_t number) {
  daemon::Lease lease{.request = {1000 + number}, .board = board, .owner = dice.owner()};
  lease.epoch = 1 + dice.below(5);
  lease.granted_at = kNow - dice.up_to_hours(3);
  lease.expires_at = lease.granted_at + 30min + dice.up_to_hours(3);
  lease.last_heartbeat = lease.granted_at + (kNow - lease.granted_at) / (1 + dice.below(3));
  lease.expects = dice.expects();
  return lease;
}

daemon::SchedulePolicy random_policy(FarmDice& dice) {
  daemon::SchedulePolicy policy;
  policy.ageing = dice.pick<daemon::Span>({30min, 1h, 24h});
  policy.half_life = dice.pick<daemon::Span>({1h, 4h});
  policy.least_charge = dice.pick<daemon::Span>({0s, 1min, 30min});
  if (dice.chance(50)) policy.boards_per_owner = dice.below(4);
  return policy;
}

}  // namespace

RandomFarm random_farm(std::uint64_t seed) {
  FarmDice dice(seed);
  RandomFarm random{{}, random_policy(dice), kNow};
  Farm& farm = random.farm;
  const std::uint64_t boards = dice.below(dice.pick({4u, 14u, 80u}));
  const std::uint64_t requests = dice.below(dice.pick({10u, 30u, 30u, 100u}));
  for (std::size_t i = 0; i < boards; ++i) {
    farm.boards.push_back(random_board(dice, i));
    const bool leased = farm.boards.back().condition == Condition::leased || dice.chance(10);
    if (leased) farm.leases.push_back(random_lease(dice, farm.boards.back().name, i));
  }
  const std::vector<std::string> selectors = {"", random_selector(dice), random_selector(dice)};
  for (std::size_t i = 0; i < requests; ++i) farm.waiting.push_back(random_request(dice, i, selectors));
  for (const char* const owner : {"o0", "o1", "o2"}) {
    if (dice.chance(60)) farm.used.push_back({owner, dice.up_to_hours(5), kNow - dice.up_to_hours(5)});
  }
  return random;
}

Farm shuffled(const Farm& farm, std::uint64_t seed) {
  FarmDice dice(seed);
  const auto shuffle = [&dice](auto list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[dice.below(i)]);
    return list;
  };
  return {shuffle(farm.boards), shuffle(farm.waiting), shuffle(farm.leases), shuffle(farm.used)};
}

}  // namespace tinyhil::test
