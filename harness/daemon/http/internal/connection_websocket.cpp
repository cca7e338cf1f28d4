// SPDX-License-Identifier: Apache-2.0
// The part of a connection that is a WebSocket.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "connection.hpp"
#include "daemon/http/websocket.hpp"
#include "server_state.hpp"
#include "websocket_end.hpp"
#include "websocket_handshake.hpp"

namespace tinyhil::daemon {

namespace {

// What it throws is told to the other end, or is for the log.
asio::awaitable<void> converse_to_end(Conversation& conversation, WebSocket& socket,
                                      const ServerState& server) {
  Closing closing{close_code::kNormal, ""};
  try {
    co_await conversation.run(socket);
  } catch (const Error& error) {
    closing = {close_code::kTrouble, error.what()};
  } catch (const std::exception& error) {
    if (server.is_stopping) throw;
    server.options.log(std::string("a WebSocket ends: ") + error.what());
    closing = {close_code::kTrouble, "the daemon could not go on"};
  }
  co_await socket.close(closing.code, std::move(closing.reason));
}

}  // namespace

asio::awaitable<void> Connection::converse(Conversation& conversation, std::string begin) {
  using namespace asio::experimental::awaitable_operators;
  const bool written = co_await write(begin);
  if (!written || server_.is_stopping) co_return;
  phase_ = Phase::events;
  WebSocket socket(std::make_unique<WebSocketEnd>(Upgraded{stream_, server_.deadlines, std::move(buffer_)},
                                                  Masks::no, server_.options.limits.websocket));
  buffer_.clear();
  co_await (converse_to_end(conversation, socket, server_) || socket.keep_alive());
  co_await drop_rest();
}

}  // namespace tinyhil::daemon
