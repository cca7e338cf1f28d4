// SPDX-License-Identifier: Apache-2.0
// Where the server takes server-sent events from, one object for each listener. A handler makes it from the
// request's last_event_id and hands it over in its Reply. Example:
//
//   asio::awaitable<NextEvent> LeaseEvents::next(Deadline until) {
//     news_.expires_at(until);                       // a timer, which whoever publishes cancels
//     if (!log_.has(next_)) co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
//     if (!log_.has(next_)) co_return Quiet{};
//     co_return log_.at(next_++);
//   }
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <variant>

namespace tinyhil::daemon {

struct Event {
  std::string id;  // what a listener that comes back names as the last it has; empty: leaves it as it was
  std::string name;
  std::string text;  // any UTF-8, also several lines; JSON by custom
};

struct Quiet {};  // no event until the deadline; the server asks again
struct Ended {};  // there will be no more: the listener is told, and does not come back
using NextEvent = std::variant<Event, Quiet, Ended>;

class EventSource {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  virtual ~EventSource() = default;

  // One call at a time, and not after Ended. Cancelled as Asio cancels when the listener leaves or the daemon
  // stops; then it is not called again. Whatever it throws ends the stream, and the listener may come back.
  virtual boost::asio::awaitable<NextEvent> next(Deadline until) = 0;
};

}  // namespace tinyhil::daemon
