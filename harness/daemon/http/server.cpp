// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "base/error.hpp"
#include "internal/connection.hpp"
#include "internal/server_state.hpp"
#include "problem.hpp"

namespace tinyhil::daemon {

namespace {

using boost::system::error_code;
using Socket = Connection::Socket;

constexpr std::size_t kReservedFiles = 64;
constexpr std::chrono::milliseconds kAcceptPause(100);
constexpr std::chrono::seconds kLastWords(1);  // for what is cancelled at the end of a stop

std::size_t connections_allowed(const ServerLimits& limits) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return limits.connections_most;
  const std::size_t open_most = std::max<std::size_t>(files.rlim_cur, kReservedFiles + 1);
  return std::min(limits.connections_most, open_most - kReservedFiles);
}

// Nobody waits for this: what does not fit into the socket at once is not sent.
void turn_away(Socket& socket, bool is_tls) {
  if (is_tls) return;  // nothing can be said before the handshake
  const Reply full = problem(503, "the daemon has too many connections", "connection", "try again later");
  const std::string text = header_text(full, Afterwards::close, std::chrono::system_clock::now()) + full.body;
  std::array<char, 4096> unread{};
  error_code ignored;  // the caller sees that the connection is closed
  ::recv(socket.native_handle(), unread.data(), unread.size(), MSG_DONTWAIT);
  ::send(socket.native_handle(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  socket.shutdown(Socket::shutdown_both, ignored);
}

asio::awaitable<void> serve(std::shared_ptr<ServerState> state, Connection& connection) {
  try {
    co_await connection.run();
  } catch (const std::exception& error) {  // cancelled, as a rule
    if (!state->is_stopping) state->options.log(std::string("a connection ends: ") + error.what());
  }
}

void spawn(const std::shared_ptr<ServerState>& state, Socket socket, Peer peer) {
  const auto place =
      state->connections.emplace(state->connections.end(), *state, std::move(socket), std::move(peer));
  const auto ended = [state, place](const std::exception_ptr&) {
    state->connections.erase(place);
    if (state->connections.empty()) state->last_has_ended.cancel();
  };
  asio::co_spawn(state->executor, serve(state, *place),
                 asio::bind_cancellation_slot(place->cancellation(), ended));
}

Peer peer_of(const ServerState& state, Socket& socket, bool over_tcp) {
  if (!over_tcp) return {state.options.unix_socket->who(peer_credentials(socket.native_handle()))};
  socket.set_option(asio::ip::tcp::no_delay(true));
  const TcpListener& tcp = *state.options.tcp;
  Peer peer{is_loopback(tcp.address) ? tcp.others : Caller{}, true, tcp.tls.has_value()};
  if (state.token) peer.token = &*state.token;
  peer.bearers = &tcp.bearers;
  return peer;
}

void welcome(const std::shared_ptr<ServerState>& state, Socket socket, bool over_tcp) {
  if (state->connections.size() >= connections_allowed(state->options.limits))
    return turn_away(socket, over_tcp && state->options.tcp->tls);
  try {
    Peer peer = peer_of(*state, socket, over_tcp);
    spawn(state, std::move(socket), std::move(peer));
  } catch (const std::exception& error) {  // it has left already
    state->options.log(std::string("a connection is not taken: ") + error.what());
  }
}

asio::awaitable<void> accept(std::shared_ptr<ServerState> state, Acceptor& acceptor, bool over_tcp) {
  asio::steady_timer pause(state->executor);
  bool in_trouble = false;
  while (!state->is_stopping) {
    Socket socket(state->executor);
    error_code error;
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (state->is_stopping) co_return;
    if (!error) welcome(state, std::move(socket), over_tcp);
    if (error && !in_trouble) state->options.log("no connection can be taken: " + error.message());
    in_trouble = static_cast<bool>(error);
    if (!error) continue;
    pause.expires_after(kAcceptPause);
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

void check_address(const TcpListener& tcp) {
  const bool has_callers = !tcp.token_file.empty() || tcp.bearers;
  if (is_loopback(tcp.address) || (tcp.tls && has_callers)) return;
  throw Error(ErrorKind::usage, "the daemon listens on `" + tcp.address + "` only with TLS and tokens",
              tcp.address,
              "give a certificate, its key and tokens; or use 127.0.0.1, and from another host ssh -L");
}

void listen(const std::shared_ptr<ServerState>& state) {
  if (const auto& unix_socket = state->options.unix_socket) {
    state->acceptors.push_back(listen_unix(state->executor, unix_socket->path, unix_socket->mode));
    state->file = socket_file(unix_socket->path);
    asio::co_spawn(state->executor, accept(state, state->acceptors.back(), false), asio::detached);
  }
  if (const auto& tcp = state->options.tcp) {
    if (!tcp->token_file.empty()) state->token.emplace(tcp->token_file, tcp->bearer);
    check_address(*tcp);
    if (tcp->tls) state->tls = TlsContext::of_server(*tcp->tls);
    state->acceptors.push_back(listen_tcp(state->executor, tcp->address, tcp->port));
    asio::co_spawn(state->executor, accept(state, state->acceptors.back(), true), asio::detached);
  }
}

void stop_listening(ServerState& state) {
  state.is_stopping = true;
  error_code ignored;  // a socket that cannot be closed is closed
  for (Acceptor& acceptor : state.acceptors) acceptor.close(ignored);
  if (state.file) remove_if_same(*state.file);
  state.file.reset();
}

asio::awaitable<void> wait_for_the_last(ServerState& state, std::chrono::milliseconds limit) {
  if (state.connections.empty()) co_return;
  state.last_has_ended.expires_after(limit);
  error_code woken;
  co_await state.last_has_ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

}  // namespace

Server::Server(asio::any_io_executor executor, std::vector<Route> routes, ServerOptions options)
    : state_(std::make_shared<ServerState>(executor, std::move(routes), std::move(options))) {
  try {
    listen(state_);
  } catch (...) {
    stop_listening(*state_);
    throw;
  }
}

Server::~Server() {
  stop_listening(*state_);
  for (Connection& connection : state_->connections) connection.cut();
}

asio::awaitable<void> Server::stop(std::chrono::milliseconds limit) {
  const std::shared_ptr<ServerState> state = state_;
  stop_listening(*state);
  for (Connection& connection : state->connections) connection.stop();
  co_await wait_for_the_last(*state, limit);
  for (Connection& connection : state->connections) connection.cut();
  co_await wait_for_the_last(*state, kLastWords);
}

void Server::reload_tls() {
  if (state_->tls) state_->tls = TlsContext::of_server(*state_->options.tcp->tls);
}

std::uint16_t Server::tcp_port() const { return state_->options.tcp ? port_of(state_->acceptors.back()) : 0; }

std::size_t Server::connections() const { return state_->connections.size(); }

}  // namespace tinyhil::daemon
