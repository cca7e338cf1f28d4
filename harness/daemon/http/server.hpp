// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server of a table of routes, on a Unix socket and on TCP, in one thread. It knows nothing
// of what the routes are about. Example:
//
//   ServerOptions options;
//   options.unix_socket = UnixSocket{"/run/tinyhil/daemon.sock", 0666, by_group("tinyhil")};
//   Server server(io.get_executor(), with_openapi(routes, "tinyhil", "1.0"), std::move(options));
//   io.run();                                        // ... and on SIGTERM, in a coroutine:
//   co_await server.stop(std::chrono::seconds(10));
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bearer.hpp"
#include "idempotency.hpp"
#include "peer_credentials.hpp"
#include "route.hpp"
#include "tls_files.hpp"

namespace tinyhil::daemon {

// A socket of this path that nobody listens on any more is replaced; on one that somebody does is an Error.
struct UnixSocket {
  std::filesystem::path path;
  mode_t mode = 0660;  // of the socket's file: who may connect at all
  CallerRule who;      // asked once a connection
};

// 127.0.0.1 and ::1 as they are; at any other address only with TLS, and callers who show something.
struct TcpListener {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;              // 0: any that is free, see Server::tcp_port()
  std::filesystem::path token_file;    // empty: there is none
  Caller bearer{"token", Role::user};  // whoever shows the token of this file
  BearerRule bearers;                  // asked about any other token; empty: it is nobody's
  Caller others{"", Role::viewer};     // whoever shows none, on loopback; elsewhere that is nobody
  std::optional<TlsFiles> tls;
};

struct ServerLimits {
  std::size_t header_most = 16UL * 1024;  // bytes of a request line and of the headers
  // Those beyond get 503. Fewer where the limit of open files, less 64 for the daemon itself, is lower.
  std::size_t connections_most = 16'384;
  std::chrono::milliseconds request = std::chrono::seconds(10);    // from its first byte to its last
  std::chrono::milliseconds idle = std::chrono::seconds(60);       // between requests
  std::chrono::milliseconds write = std::chrono::seconds(10);      // for each 64 KB of a reply
  std::chrono::milliseconds heartbeat = std::chrono::seconds(15);  // of a stream without events
  WebSocketLimits websocket{};
};

// A request that would have changed something, and was refused for who asked: 401 or 403.
struct RefusedRequest {
  std::string who;      // empty: unknown
  std::string request;  // "POST /api/v1/leases", as sent
  int status = 0;
};

struct ServerOptions {
  std::optional<UnixSocket> unix_socket;
  std::optional<TcpListener> tcp;
  ServerLimits limits;
  std::function<void(const std::string&)> log = [](const std::string&) {};  // a line each, of what went wrong
  std::function<void(const RefusedRequest&)> on_refused = [](const RefusedRequest&) {};  // must not throw
  // Of POST requests with an Idempotency-Key. A reply below 500 is remembered, anything else forgotten.
  std::unique_ptr<IdempotencyKeys> keys = std::make_unique<RememberedReplies>();
};

struct ServerState;

class Server {
 public:
  // Listens from here on. Throws Error(usage) for a path or an address that cannot be meant, a token file
  // that others may read, and Error(bench_fault) when it cannot listen.
  Server(boost::asio::any_io_executor executor, std::vector<Route> routes, ServerOptions options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // ends all connections; before the executor's loop does

  // No new connections; idle ones and event streams end, requests have the limit to be done and are then
  // cancelled. Returns when all connections have ended, at most a second after the limit.
  boost::asio::awaitable<void> stop(std::chrono::milliseconds limit);

  // Takes the files of its certificate as they are now, for connections that come from now on. Throws
  // Error(usage), and keeps the old ones.
  void reload_tls();

  std::uint16_t tcp_port() const;  // 0 without TCP
  std::size_t connections() const;

 private:
  // Shared with the coroutines of the connections, whose frames the loop may destroy after the server.
  std::shared_ptr<ServerState> state_;
};

}  // namespace tinyhil::daemon
