// SPDX-License-Identifier: Apache-2.0
// Opens a WebSocket of a daemon. Example:
//
//   Question question;
//   question.path = "/api/v1/leases/7/line";
//   const std::unique_ptr<OpenWebSocket> open = co_await open_websocket(executor, address, question);
//   const bool sent = co_await open->socket().write("...");
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "client.hpp"
#include "websocket.hpp"

namespace tinyhil::daemon {

class OpenWebSocket {
 public:
  virtual ~OpenWebSocket() = default;  // cuts the connection
  virtual WebSocket& socket() = 0;
};

// The question's limit is for the handshake. Throws as Client::ask, also Error(bench_fault) when what answers
// is no WebSocket.
boost::asio::awaitable<std::unique_ptr<OpenWebSocket>> open_websocket(boost::asio::any_io_executor executor,
                                                                      DaemonAddress address,
                                                                      Question question,
                                                                      WebSocketLimits limits = {});

}  // namespace tinyhil::daemon
