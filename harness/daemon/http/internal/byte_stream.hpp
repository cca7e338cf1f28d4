// SPDX-License-Identifier: Apache-2.0
// A connected socket, of whichever kind. One read and one write at a time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace tinyhil::daemon {

namespace asio = boost::asio;

class ByteStream {
 public:
  using Socket = asio::generic::stream_protocol::socket;

  explicit ByteStream(Socket socket) : socket_(std::move(socket)) {}

  // At least one byte; 0 with an error, also at the end. What is handed over outlives the call.
  asio::awaitable<std::size_t> read_some(std::span<char> into, boost::system::error_code& error);
  // Not all of them, as a rule.
  asio::awaitable<std::size_t> write_some(std::string_view bytes, boost::system::error_code& error);
  // True: there is something to read, and it is still there. False: the other end has closed, or cancel().
  asio::awaitable<bool> readable();

  void cancel();         // whatever it is at; of no further use but for a last reply
  void shutdown_send();  // the other end reads an end
  Socket& socket() { return socket_; }

 private:
  Socket socket_;
};

}  // namespace tinyhil::daemon
