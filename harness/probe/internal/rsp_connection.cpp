// SPDX-License-Identifier: Apache-2.0
#include "rsp_connection.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/visible.hpp"
#include "socket_deadline.hpp"

namespace tinyhil::probe {

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kWriteLimit{5'000};
constexpr int kRepeatsMost = 3;
constexpr std::size_t kPacketShown = 80;

Fault server_gone(const error_code& error) {
  return {FaultKind::gone, "the connection to the GDB server ended: " + error.message(), {}};
}

}  // namespace

Fault RspConnection::broken(Fault fault) {
  is_broken_ = true;
  fault_ = std::move(fault);
  close();
  return fault_;
}

void RspConnection::close() {
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<Result<void>> RspConnection::connect(tcp::endpoint server, std::chrono::milliseconds limit) {
  using namespace asio::experimental::awaitable_operators;
  deadline_.expires_after(limit);
  error_code error;
  error_code expired;
  const auto first =
      co_await (socket_.async_connect(server, asio::redirect_error(asio::use_awaitable, error)) ||
                deadline_.async_wait(asio::redirect_error(asio::use_awaitable, expired)));
  if (first.index() == 1) error = asio::error::timed_out;
  if (error) {
    co_return broken({FaultKind::gone,
                      "no GDB server at " + server.address().to_string() + ":" +
                          std::to_string(server.port()) + ": " + error.message(),
                      {},
                      "start the GDB server, or correct its port"});
  }
  socket_.non_blocking(true);
  socket_.set_option(tcp::no_delay(true));  // forty times as fast
  co_return Result<void>();
}

asio::awaitable<Result<void>> RspConnection::write(std::string bytes, std::chrono::milliseconds limit) {
  if (is_broken_) co_return fault_;
  deadline_.expires_after(limit);
  const error_code error = co_await write_until(socket_, bytes, deadline_);
  if (error == asio::error::timed_out)
    co_return broken({FaultKind::timeout, "the GDB server takes nothing", {}});
  if (error) co_return broken(server_gone(error));
  co_return Result<void>();
}

asio::awaitable<Result<void>> RspConnection::send(std::string content) {
  last_sent_ = rsp_packet(content);
  return write(last_sent_, kWriteLimit);
}

asio::awaitable<Result<void>> RspConnection::send_interrupt() { return write("\x03", kWriteLimit); }

asio::awaitable<Result<std::optional<std::string>>> RspConnection::take(RspItem item, int& repeats) {
  const bool is_damaged = item.kind == RspItem::Kind::damaged;
  const bool is_rejected = item.kind == RspItem::Kind::rejected;
  const bool is_packet = item.kind == RspItem::Kind::packet;
  if ((is_damaged || is_rejected) && (++repeats > kRepeatsMost || !acknowledges_)) {
    co_return broken({FaultKind::corrupt, "packets of the GDB server stay damaged", {}});
  }
  std::string answer = is_rejected ? last_sent_ : is_packet ? "+" : is_damaged ? "-" : "";
  if (acknowledges_ && !answer.empty()) {
    const Result<void> sent = co_await write(std::move(answer), kWriteLimit);
    if (!sent) co_return sent.error();
  }
  if (!is_packet) co_return std::optional<std::string>();
  co_return std::optional<std::string>(std::move(item.content));
}

asio::awaitable<Result<std::optional<std::string>>> RspConnection::receive_within(
    std::chrono::milliseconds limit) {
  if (is_broken_) co_return fault_;
  const auto end = std::chrono::steady_clock::now() + limit;
  std::array<char, 16384> chunk{};
  int repeats = 0;
  while (true) {
    while (std::optional<RspItem> item = reader_.next()) {
      Result<std::optional<std::string>> packet = co_await take(std::move(*item), repeats);
      if (!packet || *packet) co_return packet;
    }
    error_code error;
    const std::size_t size = socket_.read_some(asio::buffer(chunk), error);
    if (error && error != asio::error::would_block) co_return broken(server_gone(error));
    if (!error) {
      reader_.push({chunk.data(), size});
      continue;
    }
    deadline_.expires_at(end);
    const bool is_ready = co_await wait_until(socket_, tcp::socket::wait_read, deadline_);
    if (!is_ready) co_return std::optional<std::string>();
  }
}

asio::awaitable<Result<std::string>> RspConnection::receive(std::chrono::milliseconds limit) {
  Result<std::optional<std::string>> packet = co_await receive_within(limit);
  if (!packet) co_return packet.error();
  if (*packet) co_return std::move(**packet);
  const std::string asked = visible_line(std::string_view(last_sent_).substr(0, kPacketShown));
  co_return broken({FaultKind::timeout,
                    "the GDB server gave no answer within " + std::to_string(limit.count()) + " ms",
                    "asked: " + asked});
}

}  // namespace tinyhil::probe
