// SPDX-License-Identifier: Apache-2.0
#include "tcl_connection.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/visible.hpp"
#include "socket_deadline.hpp"
#include "tcl_text.hpp"

namespace tinyhil::probe {

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr char kEnd = '\x1a';
constexpr std::size_t kShown = 200;  // of a command or an answer, in a fault

std::string shown(std::string_view text) {
  return visible_line(text.substr(0, kShown)) + (text.size() > kShown ? "..." : "");
}

Fault gone(const error_code& error) {
  return {FaultKind::gone, "the connection to OpenOCD ended: " + error.message(), {}};
}

}  // namespace

TclConnection::TclConnection(const asio::any_io_executor& executor, int descriptor)
    : socket_(executor, tcp::v4(), descriptor) {
  socket_.non_blocking(true);
  socket_.set_option(tcp::no_delay(true));
}

asio::awaitable<Result<std::string>> TclConnection::exchange(std::string command,
                                                             std::chrono::milliseconds limit) {
  asio::steady_timer deadline(socket_.get_executor(), limit);
  error_code error;
  const std::string line = checked(command) + kEnd;
  error = co_await write_until(socket_, line, deadline);
  if (error && error != asio::error::timed_out) co_return gone(error);  // else nothing will come either
  std::string answer;
  std::array<char, 16384> chunk{};
  while (true) {
    const std::size_t size = socket_.read_some(asio::buffer(chunk), error);
    if (error && error != asio::error::would_block) co_return gone(error);
    if (!error) answer.append(chunk.data(), size);
    if (answer.ends_with(kEnd)) break;
    if (answer.size() > kTclReplyMost || answer.find(kEnd) != std::string::npos) {
      co_return Fault{FaultKind::corrupt, "OpenOCD answered what is no answer", shown(answer)};
    }
    const bool is_ready = co_await wait_until(socket_, tcp::socket::wait_read, deadline);
    if (!is_ready) {
      co_return Fault{FaultKind::timeout,
                      "OpenOCD gave no answer within " + std::to_string(limit.count()) + " ms",
                      "asked: " + shown(command)};
    }
  }
  answer.pop_back();
  co_return answer;
}

asio::awaitable<Result<std::string>> TclConnection::call(std::string command,
                                                         std::chrono::milliseconds limit) {
  if (is_broken_) co_return broken_;
  Result<std::string> answer = co_await exchange(std::move(command), limit);
  if (answer) {
    std::optional<TclReply> reply = tcl_reply(*answer);
    if (reply && reply->status == 0) co_return std::move(reply->text);
    if (reply) co_return Fault{FaultKind::refused, "OpenOCD refused: " + shown(reply->text), {}};
    answer = Fault{FaultKind::corrupt, "OpenOCD answered what is no answer", shown(*answer)};
  }
  is_broken_ = true;
  broken_ = answer.error();
  co_return broken_;
}

int TclConnection::release() { return socket_.release(); }

void TclConnection::close() {
  error_code ignored;
  socket_.close(ignored);
}

void TclConnection::send_shutdown() {
  error_code ignored;
  const std::string line = std::string("shutdown") + kEnd;
  socket_.write_some(asio::buffer(line), ignored);
}

}  // namespace tinyhil::probe
