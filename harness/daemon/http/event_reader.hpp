// SPDX-License-Identifier: Apache-2.0
// Reads a daemon's stream of events. It comes back by itself when the connection is lost, with the id of the
// last event, so that none is missed or seen twice. Example:
//
//   EventReader events(io.get_executor(), address, question);
//   std::optional<Event> event = co_await events.next();
//   while (event) { show(*event); event = co_await events.next(); }
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "client.hpp"
#include "event_source.hpp"

namespace tinyhil::daemon {

struct Patience {
  std::chrono::milliseconds silence = std::chrono::seconds(45);  // three heartbeats: the connection is lost
  std::chrono::milliseconds pause = std::chrono::seconds(1);     // before each attempt to come back
  int attempts = 30;  // in a row that hear nothing; then it gives up
};

class EventReader {
 public:
  // The question's limit is for the beginning of a stream; it has no end.
  EventReader(boost::asio::any_io_executor executor, DaemonAddress address, Question question,
              Patience patience = {});
  EventReader(EventReader&&) noexcept;
  ~EventReader();

  // The next event; nothing when the daemon has ended the stream, for good. Throws as Client::ask: at once
  // when the first attempt fails or the daemon refuses with 4xx, else when patience is at its end.
  boost::asio::awaitable<std::optional<Event>> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tinyhil::daemon
