// SPDX-License-Identifier: Apache-2.0
#include "socket_deadline.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tinyhil::probe {

using boost::asio::ip::tcp;
using boost::system::error_code;

asio::awaitable<bool> wait_until(tcp::socket& socket, tcp::socket::wait_type what,
                                 asio::steady_timer& deadline) {
  using namespace asio::experimental::awaitable_operators;
  error_code ready;
  error_code expired;
  const auto first = co_await (socket.async_wait(what, asio::redirect_error(asio::use_awaitable, ready)) ||
                               deadline.async_wait(asio::redirect_error(asio::use_awaitable, expired)));
  co_return first.index() == 0;
}

asio::awaitable<error_code> write_until(tcp::socket& socket, std::string_view bytes,
                                        asio::steady_timer& deadline) {
  while (!bytes.empty()) {
    error_code error;
    const std::size_t size = socket.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    if (error && error != asio::error::would_block) co_return error;
    bytes.remove_prefix(error ? 0 : size);
    if (bytes.empty()) break;
    const bool is_ready = co_await wait_until(socket, tcp::socket::wait_write, deadline);
    if (!is_ready) co_return asio::error::timed_out;
  }
  co_return error_code();
}

}  // namespace tinyhil::probe
