// SPDX-License-Identifier: Apache-2.0
#include "byte_stream.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

#include "tls_state.hpp"

namespace tinyhil::daemon {

using boost::system::error_code;

struct ByteStream::Tls {
  Tls(Socket& socket, TlsContext& context) : stream(socket, context.state().context) {}

  asio::ssl::stream<Socket&> stream;
  std::string ahead{};  // at most a byte that was read to see whether there is one
};

namespace {

std::string reason_of(const error_code& error, SSL* connection) {
  const long verified = ::SSL_get_verify_result(connection);
  if (verified != X509_V_OK) return ::X509_verify_cert_error_string(verified);
  return error.message();
}

bool is_name(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return static_cast<bool>(error);
}

}  // namespace

ByteStream::ByteStream(Socket socket) : socket_(std::move(socket)) {}
ByteStream::~ByteStream() = default;

asio::awaitable<std::string> ByteStream::accept_tls(TlsContext& context) {
  tls_ = std::make_unique<Tls>(socket_, context);
  error_code error;
  co_await tls_->stream.async_handshake(asio::ssl::stream_base::server,
                                        asio::redirect_error(asio::use_awaitable, error));
  co_return error ? error.message() : "";
}

asio::awaitable<std::string> ByteStream::begin_tls(TlsContext& context, std::string host) {
  tls_ = std::make_unique<Tls>(socket_, context);
  SSL* const connection = tls_->stream.native_handle();
  if (is_name(host)) SSL_set_tlsext_host_name(connection, host.c_str());
  tls_->stream.set_verify_mode(asio::ssl::verify_peer);
  tls_->stream.set_verify_callback(asio::ssl::host_name_verification(host));
  error_code error;
  co_await tls_->stream.async_handshake(asio::ssl::stream_base::client,
                                        asio::redirect_error(asio::use_awaitable, error));
  co_return error ? reason_of(error, connection) : "";
}

asio::awaitable<std::size_t> ByteStream::read_some(std::span<char> into, error_code& error) {
  const auto buffer = asio::buffer(into.data(), into.size());
  if (!tls_)
    co_return co_await socket_.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, error));
  if (!tls_->ahead.empty()) {
    const std::size_t count = tls_->ahead.copy(into.data(), into.size());
    tls_->ahead.erase(0, count);
    co_return count;
  }
  co_return co_await tls_->stream.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<std::size_t> ByteStream::write_some(std::string_view bytes, error_code& error) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  if (!tls_)
    co_return co_await socket_.async_write_some(buffer, asio::redirect_error(asio::use_awaitable, error));
  co_return co_await tls_->stream.async_write_some(buffer, asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<bool> ByteStream::readable() {
  if (tls_ && tls_->ahead.empty()) {
    char next = 0;
    error_code error;
    const std::size_t count = co_await tls_->stream.async_read_some(
        asio::buffer(&next, 1), asio::redirect_error(asio::use_awaitable, error));
    tls_->ahead.assign(&next, count);
  }
  if (tls_) co_return !tls_->ahead.empty();
  for (;;) {
    error_code error;
    co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    char next = 0;
    const ssize_t count = ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count >= 0) co_return count > 0;
    if (errno != EAGAIN && errno != EINTR) co_return false;
  }
}

// Over TLS it waits for the other end's word, within the caller's deadline.
asio::awaitable<void> ByteStream::shutdown_send() {
  error_code ignored;  // the other end has gone already
  if (tls_) co_await tls_->stream.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void ByteStream::cancel() {
  error_code ignored;  // none is open, then there is nothing to cancel
  socket_.cancel(ignored);
}

}  // namespace tinyhil::daemon
