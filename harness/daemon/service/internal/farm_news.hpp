// SPDX-License-Identifier: Apache-2.0
// What happened to boards and leases, numbered, and those that wait to hear of it. Example:
//
//   news.add(now, change);
//   news.wake();
//   co_await news.wait(end);  // elsewhere, before that
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <variant>
#include <vector>

#include "daemon/service/internal/lease_book.hpp"
#include "daemon/service/internal/news.hpp"

namespace tinyhil::daemon {

struct FarmEvent {
  std::uint64_t number;  // without gaps while the daemon runs, and above those of a daemon before it
  Moment at;
  FarmChange change;
};

class FarmNews {
 public:
  FarmNews(asio::any_io_executor executor, Moment started);

  void add(Moment at, FarmChange change);
  void wake();  // all that wait

  // After the event of this number, as far as they are remembered; the latest 1,000 are.
  std::vector<FarmEvent> after(std::uint64_t number) const;
  std::uint64_t last() const { return last_; }
  // Until wake() or this time.
  asio::awaitable<void> wait(std::chrono::steady_clock::time_point end);

 private:
  std::deque<FarmEvent> events_;
  std::uint64_t last_;         // begins at the start in ms since 1970
  News<std::monostate> news_;  // of anything
};

}  // namespace tinyhil::daemon
