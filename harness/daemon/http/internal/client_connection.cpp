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

// The system's resolver has a time limit of its own; ours is looked at when it is done.
asio::awaitable<std::vector<asio::ip::tcp::endpoint>> ClientConnection::resolve() {
  error_code error;
  std::vector<asio::ip::tcp::endpoint> endpoints;
  const asio::ip::address literal = asio::ip::make_address(address_.host, error);
  if (!error) {
    endpoints.emplace_back(literal, address_.port);
    co_return endpoints;
  }
  asio::ip::tcp::resolver resolver(stream_.socket().get_executor());
  const auto found = co_await resolver.async_resolve(address_.host, std::to_string(address_.port),
                                                     asio::redirect_error(asio::use_awaitable, error));
  check_deadline();
  check_cancelled(error);
  if (error) unreachable(error, address_.text);
  for (const auto& each : found) endpoints.push_back(each.endpoint());
  co_return endpoints;
}

// A host may have several addresses: the first that answers is it.
asio::awaitable<void> ClientConnection::connect_tcp() {
  const std::vector<asio::ip::tcp::endpoint> endpoints = co_await resolve();
  error_code error;
  for (const asio::ip::tcp::endpoint& each : endpoints) {
    error_code ignored;  // of a socket that is closed
    stream_.socket().close(ignored);
    const asio::generic::stream_protocol::endpoint there = each;
    co_await stream_.socket().async_connect(there, asio::redirect_error(asio::use_awaitable, error));
    check_deadline();
    if (!error) break;
  }
  check_cancelled(error);
  if (error) unreachable(error, address_.text);
  stream_.socket().set_option(asio::ip::tcp::no_delay(true));
}

asio::awaitable<void> ClientConnection::begin_tls() {
  const std::unique_ptr<TlsContext> context = TlsContext::of_client(address_.trusted);
  const std::string failure = co_await stream_.begin_tls(*context, address_.host);
  check_deadline();
  if (failure.empty()) co_return;
  throw Error(
      ErrorKind::bench_fault, "no TLS connection: " + failure, address_.text,
      "name the file of the certificate that signed the daemon's in TINYHIL_CA; is the host's name right?");
}

asio::awaitable<void> ClientConnection::connect() {
  if (address_.socket.empty()) {
    co_await connect_tcp();
    if (address_.is_tls) co_await begin_tls();
    co_return;
  }
  const asio::local::stream_protocol::endpoint there(address_.socket);
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
  const bool is_cut = stream_.is_tls() && error && error != asio::error::eof;  // by nobody knows whom
  if (error && !is_cut) {
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
