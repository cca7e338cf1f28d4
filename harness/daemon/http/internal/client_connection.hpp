// SPDX-License-Identifier: Apache-2.0
// A client's connection: one question at a time, and its response. Whatever throws leaves a connection that
// is of no further use.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "byte_stream.hpp"
#include "daemon/http/daemon_address.hpp"
#include "deadlines.hpp"
#include "response_reader.hpp"

namespace tinyhil::daemon {

class ClientConnection {
 public:
  using Duration = std::chrono::steady_clock::duration;

  ClientConnection(const boost::asio::any_io_executor& executor, const DaemonAddress& address);

  // Holds for what follows. An Error(time_limit) is thrown when it is over.
  void set_deadline(Duration limit) { deadline_.set(limit); }
  void clear_deadline() { deadline_.clear(); }  // nobody waits
  boost::asio::awaitable<void> connect();
  boost::asio::awaitable<void> send(std::string_view request);
  // Reads until the reader is at this stage. false: the connection ended, or was broken, and the reader has
  // been told.
  boost::asio::awaitable<bool> read_to(ResponseReader& reader, ReadStage wanted);
  boost::asio::awaitable<bool> read_more(ResponseReader& reader);  // the same, for some bytes

  // For what the connection becomes after an upgrade: all of it stays here.
  ByteStream& stream() { return stream_; }
  Deadlines& deadlines() { return deadlines_; }
  std::string take_rest() { return std::exchange(buffer_, {}); }

  bool has_more() const { return !buffer_.empty(); }  // than was asked for: who knows what it answers

 private:
  void check_deadline() const;
  boost::asio::awaitable<std::vector<boost::asio::ip::tcp::endpoint>> resolve();
  boost::asio::awaitable<void> connect_tcp();
  boost::asio::awaitable<void> begin_tls();

  DaemonAddress address_;
  ByteStream stream_;
  Deadlines deadlines_;
  Deadlines::Entry deadline_;
  std::string buffer_;
};

}  // namespace tinyhil::daemon
