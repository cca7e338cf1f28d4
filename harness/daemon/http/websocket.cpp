// SPDX-License-Identifier: Apache-2.0
#include "websocket.hpp"

#include <utility>

#include "internal/websocket_end.hpp"

namespace tinyhil::daemon {

WebSocket::WebSocket(std::unique_ptr<WebSocketEnd> end) : end_(std::move(end)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket::~WebSocket() = default;

asio::awaitable<std::optional<std::string>> WebSocket::read() { return end_->read(); }

asio::awaitable<bool> WebSocket::write(std::string message) {
  return end_->write({Frame::Kind::data, std::move(message)});
}

asio::awaitable<void> WebSocket::close(std::uint16_t code, std::string reason) {
  return end_->close(code, std::move(reason));
}

const Closing& WebSocket::closing() const { return end_->closing(); }

asio::awaitable<void> WebSocket::keep_alive() { return end_->keep_alive(); }

}  // namespace tinyhil::daemon
