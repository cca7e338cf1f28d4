// SPDX-License-Identifier: Apache-2.0
// The part of a connection that sees a caller leave.
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <variant>

#include "connection.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kIgnoredMost = 64UL * 1024;  // bytes from a listener, who has nothing to say

}  // namespace

asio::awaitable<std::optional<Reply>> Connection::invoke_while_caller_stays(const Invocation& invocation) {
  using namespace asio::experimental::awaitable_operators;
  std::variant<Reply, std::monostate> outcome = co_await (invoke(invocation) || caller_has_left());
  Reply* reply = std::get_if<Reply>(&outcome);
  if (!reply) co_return std::nullopt;
  co_return std::move(*reply);
}

// Of a stream: whatever a listener sends is read and dropped, so that its end is seen behind it.
asio::awaitable<void> Connection::caller_leaves() {
  std::array<char, 256> ignored{};
  boost::system::error_code error;
  for (std::size_t count = 0; !error && count < kIgnoredMost;) {
    const std::size_t more = co_await stream_.read_some(ignored, error);
    count += more;
  }
}

// Takes nothing out of the socket. Of a caller who has sent the next request already it is not seen.
asio::awaitable<void> Connection::caller_has_left() {
  const bool speaks = co_await stream_.readable();
  if (!speaks) co_return;
  asio::steady_timer never(stream_.socket().get_executor(), asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

}  // namespace tinyhil::daemon
