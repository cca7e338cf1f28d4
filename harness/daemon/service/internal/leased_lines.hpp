// SPDX-License-Identifier: Apache-2.0
// The lines of leased boards that are open for holders on other machines: one for each lease, as long as it
// lasts. Example:
//
//   LeasedLines lines(io.get_executor(), keeper, book, program);
//   co_spawn(io, lines.run(), keep_failure);
//   reply.conversation = co_await lines.come(lease, {});
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "daemon/http/websocket.hpp"
#include "daemon/service/internal/keeper.hpp"
#include "daemon/service/internal/lease_book.hpp"
#include "daemon/service/internal/leased_line.hpp"

namespace tinyhil::daemon {

// Where a client that comes back was.
struct LinePlace {
  std::string name{};  // of the opening; empty: it is a new one
  std::uint64_t received = 0;
};

class LeasedLines {
 public:
  // `program`: of tinyhil. Keeper and book are lent.
  LeasedLines(asio::any_io_executor executor, Keeper& keeper, LeaseBook& book, std::filesystem::path program);

  // Of a lease that is granted. Throws Error: no_lease when another client has the line, lease_lost when what
  // was there is not kept any more, and what the line failed with when it does not open.
  asio::awaitable<std::unique_ptr<Conversation>> come(LeaseRecord lease, LinePlace place);

  // The board of this lease is not in use by its line, and no line is opened, until go_on(). Returns when
  // that is so.
  asio::awaitable<void> pause(RequestId lease);
  void go_on(RequestId lease);

  // Ends the lines of leases that are over, until the keeper stops.
  asio::awaitable<void> run();

 private:
  asio::awaitable<void> wait_for_departure(RequestId id);
  asio::awaitable<std::shared_ptr<LeasedLine>> open(LeaseRecord lease);
  std::shared_ptr<LeasedLine> known(const LeaseRecord& lease, const LinePlace& place) const;

  asio::any_io_executor executor_;
  Keeper& keeper_;
  LeaseBook& book_;
  std::filesystem::path program_;
  std::set<RequestId> paused_;
  std::map<RequestId, std::shared_ptr<LeasedLine>> lines_;  // shared: see LeasedLine
};

}  // namespace tinyhil::daemon
