// SPDX-License-Identifier: Apache-2.0
#include "websocket_end.hpp"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>
#include <utility>

namespace tinyhil::daemon {

namespace {

using boost::system::error_code;

constexpr std::size_t kWebSocketReadMost = 16UL * 1024;  // bytes at a time

std::array<std::uint8_t, 4> random_mask() {
  std::random_device source;
  const std::uint32_t word = source();
  return {static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(word >> 8U),
          static_cast<std::uint8_t>(word >> 16U), static_cast<std::uint8_t>(word >> 24U)};
}

Closing closing_in(const std::string& content) {
  if (content.size() < 2) return {close_code::kNone, {}};
  const auto high = static_cast<std::uint8_t>(content[0]);
  const auto low = static_cast<std::uint8_t>(content[1]);
  return {static_cast<std::uint16_t>(high << 8U | low), content.substr(2)};
}

}  // namespace

WebSocketEnd::WebSocketEnd(Upgraded connection, Masks own, const WebSocketLimits& limits)
    : stream_(connection.stream),
      own_(own),
      limits_(limits),
      reader_(own == Masks::yes ? Masks::no : Masks::yes, limits.message_most),
      begun_(std::move(connection.begun)),
      turn_(stream_.socket().get_executor()),
      ping_(stream_.socket().get_executor()),
      deadline_(connection.deadlines, [this] { cut(); }) {}

void WebSocketEnd::cut() {
  is_over_ = true;
  stream_.cancel();
  ping_.cancel();
}

void WebSocketEnd::put(const Frame& frame) {
  out_ += frame_bytes(frame, own_ == Masks::yes ? std::optional(random_mask()) : std::nullopt);
}

// Whoever writes already takes along what was put meanwhile.
asio::awaitable<void> WebSocketEnd::flush() {
  if (is_writing_) co_return;
  is_writing_ = true;
  deadline_.set(limits_.write);
  while (!out_.empty() && !is_over_) {
    const std::string bytes = std::exchange(out_, {});
    has_pong_ = false;
    error_code error;
    for (std::string_view left = bytes; !left.empty() && !error && !is_over_;) {
      const std::size_t count = co_await stream_.write_some(left, error);
      left.remove_prefix(count);
    }
    if (error) cut();
  }
  deadline_.clear();
  is_writing_ = false;
  turn_.cancel();
}

asio::awaitable<void> WebSocketEnd::wait_for_turn() {
  while (is_writing_ && !is_over_) {
    error_code woken;
    turn_.expires_at(Clock::time_point::max());
    co_await turn_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

asio::awaitable<bool> WebSocketEnd::write(Frame frame) {
  co_await wait_for_turn();
  if (is_over_ || has_closed_) co_return false;
  put(frame);
  co_await flush();
  co_return !is_over_;
}

asio::awaitable<void> WebSocketEnd::close(std::uint16_t code, std::string reason) {
  if (has_closed_ || is_over_) co_return;
  has_closed_ = true;
  put({Frame::Kind::close, close_content(code, reason)});
  co_await flush();
  co_await wait_for_turn();
}

asio::awaitable<bool> WebSocketEnd::read_more() {
  std::string bytes = std::exchange(begun_, {});
  if (bytes.empty()) {
    bytes.resize(kWebSocketReadMost);
    error_code error;
    const std::size_t count = co_await stream_.read_some(bytes, error);
    bytes.resize(count);
  }
  heard_ = Clock::now();
  if (bytes.empty()) co_return false;
  reader_.put(bytes);
  co_return true;
}

asio::awaitable<void> WebSocketEnd::obey(Frame frame) {
  if (frame.kind == Frame::Kind::close) {
    closing_ = closing_in(frame.content);
    co_await close(closing_.code == close_code::kNone ? close_code::kNormal : closing_.code, "");
    is_over_ = true;
  }
  if (frame.kind == Frame::Kind::ping && !has_pong_ && !has_closed_) {
    has_pong_ = true;
    frame.kind = Frame::Kind::pong;
    put(frame);
    co_await flush();
  }
}

asio::awaitable<void> WebSocketEnd::fail(std::uint16_t code) {
  co_await close(code,
                 code == close_code::kTooLarge ? "the message is too large" : "this is not the protocol");
  closing_ = {code, "the other end does not keep to the protocol"};
  is_over_ = true;
}

asio::awaitable<std::optional<std::string>> WebSocketEnd::read() {
  while (!is_over_) {
    std::optional<Frame> frame = reader_.next();
    if (frame && frame->kind == Frame::Kind::data) co_return std::move(frame->content);
    if (frame) {
      co_await obey(std::move(*frame));
    } else if (reader_.failure() != 0) {
      co_await fail(reader_.failure());
    } else {
      const bool more = co_await read_more();
      if (!more) cut();
    }
  }
  co_return std::nullopt;
}

asio::awaitable<void> WebSocketEnd::keep_alive() {
  while (!is_over_) {
    error_code woken;
    ping_.expires_after(limits_.ping);
    co_await ping_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (is_over_) co_return;
    if (Clock::now() - heard_ >= limits_.silence) {
      cut();
    } else if (!is_writing_ && !has_closed_) {
      put({Frame::Kind::ping, {}});
      co_await flush();
    }
  }
}

}  // namespace tinyhil::daemon
