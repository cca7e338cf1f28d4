// SPDX-License-Identifier: Apache-2.0
// Has a request done by its route's handler: once for each idempotency key, and whatever it throws becomes a
// reply.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "daemon/http/idempotency.hpp"
#include "daemon/http/route.hpp"

namespace tinyhil::daemon {

struct Invocation {
  const Route& route;
  const Request& request;
  IdempotencyKeys& keys;
  const std::function<void(const std::string&)>& log;
};

// Throws only when the coroutine is cancelled.
boost::asio::awaitable<Reply> invoke(const Invocation& invocation);

}  // namespace tinyhil::daemon
