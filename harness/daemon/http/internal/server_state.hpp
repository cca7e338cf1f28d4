// SPDX-License-Identifier: Apache-2.0
// What the connections of a server have in common.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bearer_token.hpp"
#include "connection.hpp"
#include "daemon/http/server.hpp"
#include "deadlines.hpp"
#include "listening.hpp"
#include "router.hpp"
#include "tls_context.hpp"

namespace tinyhil::daemon {

struct ServerState {
  ServerState(const boost::asio::any_io_executor& own_executor, std::vector<Route> routes,
              ServerOptions given)
      : executor(own_executor),
        router(std::move(routes)),
        options(std::move(given)),
        deadlines(own_executor),
        last_has_ended(own_executor) {}

  boost::asio::any_io_executor executor;
  Router router;
  ServerOptions options;
  std::optional<BearerToken> token;
  std::unique_ptr<TlsContext> tls;  // of connections that come from now on
  std::list<Acceptor> acceptors;
  std::optional<SocketFile> file;
  Deadlines deadlines;
  std::list<Connection> connections;         // each until its coroutine has ended
  boost::asio::steady_timer last_has_ended;  // cancelled then
  bool is_stopping = false;
};

}  // namespace tinyhil::daemon
