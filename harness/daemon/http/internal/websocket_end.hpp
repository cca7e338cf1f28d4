// SPDX-License-Identifier: Apache-2.0
// The connection below a WebSocket: its frames, its deadlines, and whose turn it is to write.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "byte_stream.hpp"
#include "daemon/http/websocket.hpp"
#include "deadlines.hpp"
#include "websocket_frames.hpp"

namespace tinyhil::daemon {

// A connection whose handshake is over. The stream and the deadlines outlive it.
struct Upgraded {
  ByteStream& stream;
  Deadlines& deadlines;
  std::string begun;  // bytes that were read behind the handshake
};

class WebSocketEnd {
 public:
  using Clock = std::chrono::steady_clock;

  // `own`: whether we mask, as a client does.
  WebSocketEnd(Upgraded connection, Masks own, const WebSocketLimits& limits);
  WebSocketEnd(const WebSocketEnd&) = delete;
  WebSocketEnd& operator=(const WebSocketEnd&) = delete;

  asio::awaitable<std::optional<std::string>> read();
  asio::awaitable<bool> write(Frame frame);
  asio::awaitable<void> close(std::uint16_t code, std::string reason);
  asio::awaitable<void> keep_alive();
  const Closing& closing() const { return closing_; }

 private:
  asio::awaitable<bool> read_more();
  asio::awaitable<void> obey(Frame frame);
  asio::awaitable<void> fail(std::uint16_t code);
  asio::awaitable<void> flush();
  asio::awaitable<void> wait_for_turn();
  void put(const Frame& frame);
  void cut();

  ByteStream& stream_;
  Masks own_;
  WebSocketLimits limits_;
  FrameReader reader_;
  std::string begun_;
  std::string out_;  // frames that have not left yet
  bool is_writing_ = false;
  bool has_pong_ = false;  // in out_; one answers all pings so far
  bool is_over_ = false;   // nothing is written any more
  bool has_closed_ = false;
  Closing closing_;
  Clock::time_point heard_ = Clock::now();
  asio::steady_timer turn_;  // cancelled when what was to be written has left
  asio::steady_timer ping_;
  Deadlines::Entry deadline_;  // of writing
};

}  // namespace tinyhil::daemon
