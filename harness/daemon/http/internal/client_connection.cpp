// SPDX-License-Identifier: Apache-2.0
#include "client_connection.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <span>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

using boost::system::error_code;

constexpr std::size_t kPieceMost = 64UL * 1024;  // bytes read at a time

// Cancelled by whoever awaits: no fault of the daemon.
void check_cancelled(const error_code& error) {
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
}

[[noreturn]] void unreachable(const error_code& error, const std::string& where) {
  const bool not_allowed = error == asio::error::access_denied;
  throw Error(ErrorKind::bench_fault, "the daemon cannot be reached: " + error.message(), where,
              not_allowed ? "ask an administrator for the group that may use the daemon"
                          : "start it: tinyhil daemon; or name the daemon that you mean");
}

}  // namespace

ClientConnection::ClientConnection(const asio::any_io_executor& executor, const DaemonAddress& address)
    : address_(address),
      stream_(ByteStream::Socket(executor)),
      deadlines_(executor),
      deadline_(deadlines_, [this] { stream_.cancel(); }) {}

void ClientConnection::check_deadline() const {
  if (!deadline_.has_passed()) return;
  throw Error(ErrorKind::time_limit, "the daemon did not answer in time", address_.text,
              "see what it is at in its log, or give it more time");
}

asio::generic::stream_protocol::endpoint ClientConnection::endpoint() const {
  if (!address_.socket.empty()) return asio::local::stream_protocol::endpoint(address_.socket);
  return asio::ip::tcp::endpoint(asio::ip::make_address(address_.host), address_.port);
}

asio::awaitable<void> ClientConnection::connect() {
  const asio::generic::stream_protocol::endpoint there = endpoint();
  error_code error;
  co_await stream_.socket().async_connect(there, asio::redirect_error(asio::use_awaitable, error));
  check_deadline();
  check_cancelled(error);
  if (error) unreachable(error, address_.text);
}

// What the daemon refuses it need not read: a request that cannot be sent may have its reply.
asio::awaitable<void> ClientConnection::send(std::string_view left) {
  error_code error;
  while (!left.empty() && !error) {
    check_deadline();
    const std::size_t count = co_await stream_.write_some(left, error);
    left.remove_prefix(count);
  }
  check_deadline();
  check_cancelled(error);
}

asio::awaitable<bool> ClientConnection::read_more(ResponseReader& reader) {
  check_deadline();
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kPieceMost);
  error_code error;
  const std::span<char> room = std::span(buffer_).subspan(before);
  const std::size_t count = co_await stream_.read_some(room, error);
  buffer_.resize(before + count);
  check_deadline();
  check_cancelled(error);
  if (error) {
    reader.end();
  } else {
    buffer_.erase(0, reader.put(buffer_));
  }
  co_return !error;
}

asio::awaitable<bool> ClientConnection::read_to(ResponseReader& reader, ReadStage wanted) {
  bool more = true;
  while (more && reader.stage() < wanted) more = co_await read_more(reader);
  co_return more;
}

}  // namespace tinyhil::daemon
