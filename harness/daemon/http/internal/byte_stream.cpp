// SPDX-License-Identifier: Apache-2.0
#include "byte_stream.hpp"

#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace tinyhil::daemon {

using boost::system::error_code;

asio::awaitable<std::size_t> ByteStream::read_some(std::span<char> into, error_code& error) {
  co_return co_await socket_.async_read_some(asio::buffer(into.data(), into.size()),
                                             asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<std::size_t> ByteStream::write_some(std::string_view bytes, error_code& error) {
  co_return co_await socket_.async_write_some(asio::buffer(bytes.data(), bytes.size()),
                                              asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<bool> ByteStream::readable() {
  for (;;) {
    error_code error;
    co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    char next = 0;
    const ssize_t count = ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count >= 0) co_return count > 0;
    if (errno != EAGAIN && errno != EINTR) co_return false;
  }
}

void ByteStream::cancel() {
  error_code ignored;  // none is open, then there is nothing to cancel
  socket_.cancel(ignored);
}

void ByteStream::shutdown_send() {
  error_code ignored;  // the other end has gone already
  socket_.shutdown(Socket::shutdown_send, ignored);
}

}  // namespace tinyhil::daemon
