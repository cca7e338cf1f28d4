// SPDX-License-Identifier: Apache-2.0
#include "board_wait.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::bench {
namespace {

constexpr std::chrono::milliseconds kAskAgain{50};

// Somebody who waits for one of some boards. What it holds in the meantime are the keys of their queues.
class Waiting {
 public:
  explicit Waiting(std::vector<std::string> keys) : keys_(std::move(keys)), queues_(keys_.size()) {}

  // Never waits.
  std::optional<FreeBoard> try_take() {
    holders_.clear();
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      std::optional<BoardHold> hold = try_take(i);
      if (hold) return FreeBoard{i, std::move(hold)};
    }
    return std::nullopt;
  }

  // Who was in the way.
  std::string holders() const {
    std::string all;
    for (const std::string& holder : holders_) all += (all.empty() ? "" : ", ") + holder;
    return all;
  }

 private:
  std::optional<BoardHold> try_take(std::size_t i) {
    std::string holder;
    if (!queues_[i]) queues_[i] = BoardHold::try_take(queue_key(keys_[i]), holder);
    if (!queues_[i]) {
      holders_.insert(holder + ", which waits for it");
      return std::nullopt;
    }
    std::optional<BoardHold> hold = BoardHold::try_take(keys_[i], holder);
    if (!hold) holders_.insert(holder);
    return hold;
  }

  std::vector<std::string> keys_;
  std::vector<std::optional<BoardHold>> queues_;
  std::set<std::string> holders_;
};

// Nothing at the deadline.
asio::awaitable<std::optional<FreeBoard>> wait_for_one(Waiting& waiting, HoldDeadline deadline) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  while (true) {
    std::optional<FreeBoard> taken = waiting.try_take();
    const HoldDeadline now = std::chrono::steady_clock::now();
    if (taken || now >= deadline) co_return taken;
    pause.expires_at(std::min(deadline, now + kAskAgain));
    co_await pause.async_wait(asio::use_awaitable);
  }
}

// A board that somebody wants to hold, and what it is known by.
struct Wanted {
  std::string name;
  std::string key;
};

// In the order of their names, so that two who want the same boards do not wait for each other.
std::vector<Wanted> in_order(const Bench& bench, const std::vector<const Board*>& boards) {
  std::vector<Wanted> sorted;
  for (const Board* board : boards) sorted.push_back({board->name, board_key(bench.file, *board)});
  std::ranges::sort(sorted, {}, &Wanted::name);
  return sorted;
}

}  // namespace

asio::awaitable<std::vector<BoardHold>> hold_boards(const Bench& bench, std::vector<const Board*> boards,
                                                    HoldDeadline deadline) {
  std::vector<BoardHold> held;
  for (const Wanted& board : in_order(bench, boards)) {
    Waiting waiting({board.key});
    std::optional<FreeBoard> taken = co_await wait_for_one(waiting, deadline);
    if (!taken) {
      throw Error(ErrorKind::no_lease, "board `" + board.name + "` is in use by " + waiting.holders(),
                  bench.file.string(), "wait for it (--wait), or use another board");
    }
    held.push_back(std::move(*taken->hold));
  }
  co_return held;
}

asio::awaitable<FreeBoard> hold_first_free(std::vector<std::string> keys, HoldDeadline deadline,
                                           std::string where) {
  Waiting waiting(std::move(keys));
  std::optional<FreeBoard> taken = co_await wait_for_one(waiting, deadline);
  if (!taken) {
    throw Error(ErrorKind::no_lease, "no board is free; in use by " + waiting.holders(), where,
                "wait longer for it");
  }
  co_return std::move(*taken);
}

}  // namespace tinyhil::bench
