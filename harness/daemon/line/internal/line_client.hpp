// SPDX-License-Identifier: Apache-2.0
// Keeps the far end of a socket pair and the daemon's line alike, in a thread of its own: what a loop that is
// busy with results does not answer, a connection needs answered.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "daemon/http/websocket_client.hpp"
#include "daemon/line/byte_window.hpp"
#include "daemon/line/line_message.hpp"
#include "daemon/line/remote_line.hpp"

namespace tinyhil::daemon {

class LineClient {
 public:
  // `pipe`: our end, which it owns.
  LineClient(RemoteLineSettings settings, int pipe);
  LineClient(const LineClient&) = delete;
  LineClient& operator=(const LineClient&) = delete;
  ~LineClient();  // once the other end of the pipe is closed: says goodbye to the daemon

  std::string open();        // waits, throws; the line's description
  std::string last_words();  // why it ended; from any thread

 private:
  asio::awaitable<void> live();
  asio::awaitable<void> connect(std::chrono::milliseconds limit);
  asio::awaitable<bool> converse();
  asio::awaitable<bool> come_back();
  asio::awaitable<void> receive(WebSocket& socket);
  asio::awaitable<void> send(WebSocket& socket);
  asio::awaitable<void> read_pipe();
  asio::awaitable<void> write_pipe();
  asio::awaitable<void> news();
  void take(const LineMessage& message);
  void take_bytes(const LineBytes& message);
  void begin(const LineBegun& begun);
  void end(std::string why);

  RemoteLineSettings settings_;
  asio::io_context io_{1};
  asio::local::stream_protocol::socket pipe_;
  asio::steady_timer news_;
  std::unique_ptr<OpenWebSocket> open_;
  ByteWindow outgoing_{kLineWindowMost};
  std::string inbox_;  // for the pipe
  std::string line_;   // the opening's name; empty: not open yet
  std::string description_;
  std::uint64_t sent_ = 0;       // of outgoing_
  std::uint64_t received_ = 0;   // of the board's
  std::uint64_t delivered_ = 0;  // of those, into the pipe
  std::uint64_t confirmed_ = 0;  // of those, to the daemon
  bool has_begun_ = false;       // since it was connected
  bool has_ended_ = false;
  bool is_left_ = false;  // nobody is at the other end of the pipe
  std::promise<std::string> opened_;
  std::mutex words_lock_;
  std::string words_;
  std::thread thread_;
};

}  // namespace tinyhil::daemon
