// SPDX-License-Identifier: Apache-2.0
// The part of a connection that streams events.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <exception>
#include <variant>

#include "connection.hpp"
#include "server_state.hpp"

namespace tinyhil::daemon {

asio::awaitable<void> Connection::stream(const Reply& reply) {
  using namespace asio::experimental::awaitable_operators;
  const std::string header = header_text(reply, Afterwards::close, std::chrono::system_clock::now());
  const bool written = co_await write(header);
  if (!written || server_.is_stopping) co_return;
  phase_ = Phase::events;
  co_await (write_events(*reply.events) || caller_leaves());
}

// Without the last chunk, the listener knows that more was to come, and comes back.
asio::awaitable<void> Connection::write_events(EventSource& source) {
  const auto heartbeat = server_.options.limits.heartbeat;
  try {
    for (;;) {
      const NextEvent next = co_await source.next(std::chrono::steady_clock::now() + heartbeat);
      const Event* event = std::get_if<Event>(&next);
      const bool has_ended = std::holds_alternative<Ended>(next);
      const std::string text = has_ended ? kLastChunk : chunk_text(event ? event_text(*event) : kHeartbeat);
      const bool written = co_await write(text);
      if (!written || has_ended) co_return;
    }
  } catch (const std::exception& error) {
    if (server_.is_stopping) co_return;
    server_.options.log(std::string("a stream of events ends: ") + error.what());
  }
}

}  // namespace tinyhil::daemon
