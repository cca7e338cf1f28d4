// SPDX-License-Identifier: Apache-2.0
// Where the boards of a run wait for each other: before the first model is loaded, so that a board that is
// missing or unlike the others costs nothing; and before any board is stopped, so that what is decided at
// a look is decided on the results of all of them.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

namespace tinyhil::campaign {

namespace asio = boost::asio;

using Settled = std::set<std::string>;  // candidates that need no more vectors

class LookMeeting {
 public:
  using Decide = std::function<asio::awaitable<Settled>(std::uint64_t look)>;

  // decide: after so many vectors of the whole run, once a look. All runs in the executor's one thread.
  LookMeeting(const asio::any_io_executor& executor, std::size_t boards, Decide decide);

  // Both return when all boards have come. A board that fails never comes: the owner of the boards cancels
  // the others, and no board comes twice to one meeting.
  asio::awaitable<void> gather();
  asio::awaitable<Settled> arrive(std::uint64_t look);  // throws what decide() threw

 private:
  asio::awaitable<void> wait();

  std::size_t boards_;
  Decide decide_;
  std::size_t arrived_ = 0;
  Settled settled_;
  asio::steady_timer all_have_come_;
};

}  // namespace tinyhil::campaign
