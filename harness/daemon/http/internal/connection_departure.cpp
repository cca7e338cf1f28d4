// SPDX-License-Identifier: Apache-2.0
// The part of a connection that sees a caller leave.
#include <sys/socket.h>

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
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
    const std::size_t more = co_await socket_.async_read_some(
        asio::buffer(ignored), asio::redirect_error(asio::use_awaitable, error));
    count += more;
  }
}

// Takes nothing out of the socket. Of a caller who has sent the next request already it is not seen.
asio::awaitable<void> Connection::caller_has_left() {
  ssize_t count = -1;
  while (count < 0) {
    boost::system::error_code error;
    co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
    char next = 0;
    if (!error) count = ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
    if (error || count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) co_return;
  }
  asio::steady_timer never(socket_.get_executor(), asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

}  // namespace tinyhil::daemon
