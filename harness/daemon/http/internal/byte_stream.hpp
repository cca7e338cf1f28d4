// SPDX-License-Identifier: Apache-2.0
// A connected socket, of whichever kind, with TLS on it or without. One read and one write at a time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tls_context.hpp"

namespace tinyhil::daemon {

namespace asio = boost::asio;

class ByteStream {
 public:
  using Socket = asio::generic::stream_protocol::socket;

  explicit ByteStream(Socket socket);
  ~ByteStream();

  // From here on the stream is TLS. The context may end before the stream. Empty: it stands; else why not.
  // The client insists that the certificate is of `host`, a name or an address.
  asio::awaitable<std::string> accept_tls(TlsContext& context);
  asio::awaitable<std::string> begin_tls(TlsContext& context, std::string host);

  // At least one byte; 0 with an error, also at the end. What is handed over outlives the call.
  asio::awaitable<std::size_t> read_some(std::span<char> into, boost::system::error_code& error);
  // Not all of them, as a rule.
  asio::awaitable<std::size_t> write_some(std::string_view bytes, boost::system::error_code& error);
  // True: there is something to read, and it is still there. False: the other end has closed, or cancel().
  asio::awaitable<bool> readable();
  // The other end reads an end, which over TLS nobody else can fake. Nothing can be read any more, then.
  asio::awaitable<void> shutdown_send();

  void cancel();  // whatever it is at; of no further use but for a last reply
  Socket& socket() { return socket_; }
  bool is_tls() const { return tls_ != nullptr; }

 private:
  struct Tls;

  Socket socket_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace tinyhil::daemon
