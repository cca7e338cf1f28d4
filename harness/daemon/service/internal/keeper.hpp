// SPDX-License-Identifier: Apache-2.0
// Carries out what the lease book decides. It holds the lock of every board that nobody has, so that no
// process of this machine can use a board without a lease, and lets it go for the lease's holder. When a
// lease is over it takes the lock back, and only then is the board given to the next: as long as a process of
// the last holder still has it, nobody else gets it. Example:
//
//   Keeper keeper(io.get_executor(), book, *check, {});
//   keeper.set_inventory(load_inventory(sources));
//   co_spawn(io, keeper.run(), keep_failure);
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bench/board_hold.hpp"
#include "daemon/service/internal/board_check.hpp"
#include "daemon/service/internal/board_presence.hpp"
#include "daemon/service/internal/farm_news.hpp"
#include "daemon/service/internal/health_course.hpp"
#include "daemon/service/internal/inventory.hpp"
#include "daemon/service/internal/lease_book.hpp"

namespace tinyhil::daemon {

struct KeeperPolicy {
  bool is_checking = true;                  // boards are greeted; else they are taken as good
  std::chrono::seconds lets_go_within{30};  // a last holder's processes, before the board is quarantined
  std::chrono::minutes check_every{60};     // of a board that nobody has
  std::chrono::minutes check_again{10};     // of one that failed its check
  std::function<void(const std::string&)> log = [](const std::string& /*line*/) {};
};

class Keeper {
 public:
  // All but the policy is lent, and outlives run().
  Keeper(asio::any_io_executor executor, LeaseBook& book, BoardCheck& check, const KeeperPolicy& policy);

  // From now on these are the boards. Leases go on.
  void set_inventory(std::vector<InventoryBoard> boards);
  const InventoryBoard* board(const std::string& name) const;  // nullptr: there is none, or not any more

  Moment now() const;  // UTC, and never jumps

  // After any change of the book: locks are dropped and taken, and who waits is told.
  void settle();
  // Returns when the lease is granted or over, or after `longest`.
  asio::awaitable<LeaseRecord> wait(RequestId id, std::chrono::milliseconds longest);
  // Nobody gets the board until readmit(). A lease goes on to its end.
  void quarantine(const std::string& board, const std::string& reason, const std::string& who);
  // Once it passes a check.
  void readmit(const std::string& board) { look_after(board, Why::readmitted); }
  // Something went wrong on it; not while it is leased.
  void check(const std::string& board) { look_after(board, Why::trouble); }
  // Something was plugged in or pulled out. Boards are looked at now and then also without being told.
  void look_for_plugs();

  std::vector<FarmEvent> events_after(std::uint64_t number) const { return news_.after(number); }
  std::uint64_t last_event() const { return news_.last(); }
  // Returns when there is an event after `number`, or after `longest`.
  asio::awaitable<void> wait_for_event(std::uint64_t number, std::chrono::milliseconds longest);

  // Looks after leases and boards until stop(). To be called once.
  asio::awaitable<void> run();
  void stop();
  bool is_stopping() const { return is_stopping_; }

 private:
  enum class Why { start, returned, trouble, due, readmitted, plugged_in };
  void look_after(const std::string& board, Why why);
  asio::awaitable<void> take_back(std::string board);
  asio::awaitable<void> make_ready(std::string board);
  asio::awaitable<bool> take_lock(std::string board);
  asio::awaitable<bool> passes(InventoryBoard entry, Why why);
  bool keep(const std::string& board, const HealthCheck& found);
  bool may_bring_back(const InventoryBoard& entry, Why why) const;
  static CheckCause cause_of(Why why);
  HealthTask task_of(InventoryBoard entry, Why why) const;
  HealthNews news_of(std::string board);
  bool is_check_due(const std::string& board, Why why) const;
  bool is_dirty(const InventoryBoard& entry) const;
  void look_for_due_checks();
  void tell_trouble(const std::string& line);
  asio::awaitable<void> sleep(std::chrono::milliseconds time);

  asio::any_io_executor executor_;
  LeaseBook& book_;
  BoardCheck& check_;
  const KeeperPolicy policy_;
  BoardPresence presence_;
  const Moment started_;
  const std::chrono::steady_clock::time_point started_steady_;
  std::map<std::string, InventoryBoard> inventory_;
  std::map<std::string, bench::BoardHold> holds_;
  std::map<std::string, Why> looked_after_;  // boards with a take_back() under way
  std::map<std::string, Moment> failed_at_;
  std::set<std::string> clean_;  // of untrusted boards, those that nobody had since they were cleaned
  std::map<std::string, Moment> troubles_;  // lines of the log, and when each was written
  FarmNews news_;
  bool is_stopping_ = false;
};

}  // namespace tinyhil::daemon
