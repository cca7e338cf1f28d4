// SPDX-License-Identifier: Apache-2.0
// One end of a WebSocket: binary messages, both ways at once. A server has one where a route's handler
// replied with a Conversation; a client opens one (websocket_client.hpp). Example:
//
//   asio::awaitable<void> Echo::run(WebSocket& socket) {
//     std::optional<std::string> message = co_await socket.read();
//     while (message) {
//       const bool sent = co_await socket.write(*message);
//       if (!sent) co_return;
//       message = co_await socket.read();
//     }
//   }
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tinyhil::daemon {

struct WebSocketLimits {
  std::size_t message_most = 256UL * 1024;  // bytes of one that is read
  std::chrono::milliseconds ping =
      std::chrono::seconds(10);  // so often the other end is asked whether it is there
  std::chrono::milliseconds silence = std::chrono::seconds(30);  // of the other end: it is gone
  std::chrono::milliseconds write = std::chrono::seconds(30);    // for what was written to leave
};

struct Closing {
  std::uint16_t code = 1006;  // RFC 6455, 7.4.1; 1006: the connection broke off
  std::string reason{};
};

class WebSocketEnd;

class WebSocket {
 public:
  explicit WebSocket(std::unique_ptr<WebSocketEnd> end);
  WebSocket(WebSocket&&) noexcept;
  ~WebSocket();

  // The next message; nothing: the other end has closed, or is gone (closing()). One call at a time, and one
  // of them is to be waiting as a rule: it also answers the other end's pings.
  boost::asio::awaitable<std::optional<std::string>> read();
  // Returns when the message has left, which a slow reader delays. false: the connection is over. One call at
  // a time.
  boost::asio::awaitable<bool> write(std::string message);
  // Says so, and nothing can be written any more. `reason` is for people; cut to 123 bytes.
  boost::asio::awaitable<void> close(std::uint16_t code, std::string reason);
  const Closing& closing() const;  // what the other end said, once read() returned nothing

  // Asks whether the other end is there, and cuts the connection when it is not. Until the connection is
  // over; to be run beside the conversation.
  boost::asio::awaitable<void> keep_alive();

 private:
  std::unique_ptr<WebSocketEnd> end_;
};

// What becomes of a request that asks for a WebSocket; from a handler's Reply.
class Conversation {
 public:
  virtual ~Conversation() = default;

  // To the end of the conversation, after which the server closes. Cancelled as Asio cancels when the
  // connection breaks off or the daemon stops. What it throws is told to the other end when it is an Error.
  virtual boost::asio::awaitable<void> run(WebSocket& socket) = 0;
};

}  // namespace tinyhil::daemon
