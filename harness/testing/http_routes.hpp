// SPDX-License-Identifier: Apache-2.0
// A small table of routes, with one of each kind that a server has to know.
#pragma once

#include <atomic>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/route.hpp"

namespace tinyhil::test {

// What was done, by all routes together; counted in the server's thread.
struct Done {
  std::atomic<int> requests{0};
  std::atomic<int> waiting{0};            // at the gate, now
  std::atomic<int> sources{0};            // of events, that are there
  std::atomic<bool> gate_is_open{false};  // /wait ends with it
};

// Event n has the id n and the text `board n`; there are as many as asked for, then it is quiet, or ends.
class CountingEvents : public daemon::EventSource {
 public:
  CountingEvents(Done& done, int first, int last, bool ends)
      : done_(done), next_(first), last_(last), ends_(ends) {
    ++done_.sources;
  }
  ~CountingEvents() override { --done_.sources; }

  boost::asio::awaitable<daemon::NextEvent> next(Deadline until) override {
    if (next_ <= last_) {
      const std::string number = std::to_string(next_++);
      daemon::Event event{number, "board", "board " + number};
      co_return event;
    }
    if (ends_) co_return daemon::Ended{};
    boost::asio::steady_timer quiet(co_await boost::asio::this_coro::executor, until);
    co_await quiet.async_wait(boost::asio::use_awaitable);
    co_return daemon::Quiet{};
  }

 private:
  Done& done_;
  int next_;
  int last_;
  bool ends_;
};

inline boost::asio::awaitable<daemon::Reply> echo(Done& done, const daemon::Request& request) {
  ++done.requests;
  daemon::Reply reply;
  reply.body = request.body.empty() ? R"({"path": ")" + request.path + R"("})" : request.body;
  for (const auto& [name, value] : request.path_parameters) reply.headers.push_back({"Path-" + name, value});
  for (const auto& [name, value] : request.query) reply.headers.push_back({"Query-" + name, value});
  reply.headers.push_back({"Caller", request.caller.name});
  co_return reply;
}

inline boost::asio::awaitable<daemon::Reply> create(Done& done, const daemon::Request& request) {
  daemon::Reply reply;
  reply.status = 201;
  reply.body = request.body;
  reply.headers.push_back({"Number", std::to_string(++done.requests)});
  co_return reply;
}

inline boost::asio::awaitable<daemon::Reply> remove(Done& done, const daemon::Request&) {
  ++done.requests;
  daemon::Reply reply;
  reply.status = 204;
  co_return reply;
}

inline boost::asio::awaitable<daemon::Reply> count_events(Done& done, const daemon::Request& request) {
  const auto ends = request.query.find("last");
  const int first = request.last_event_id.empty() ? 1 : std::stoi(request.last_event_id) + 1;
  const bool ended = ends != request.query.end();
  daemon::Reply reply;
  reply.events = std::make_unique<CountingEvents>(done, first, ended ? std::stoi(ends->second) : 3, ended);
  co_return reply;
}

inline boost::asio::awaitable<daemon::Reply> fail(Done&, const daemon::Request& request) {
  const std::string& kind = request.path_parameters.at("kind");
  if (kind == "usage") throw Error(ErrorKind::usage, "no board `ada`", "bench.yaml:3", "name another");
  if (kind == "fault") throw Error(ErrorKind::bench_fault, "port is gone", "/dev/ttyACM0", "plug it in");
  if (kind == "header") {
    daemon::Reply reply;
    reply.headers.push_back({"Location", "a\r\nb: c"});
    co_return reply;
  }
  throw std::runtime_error("secret of the inside");
}

struct Waiting {
  explicit Waiting(Done& all) : done(all) { ++done.waiting; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { --done.waiting; }

  Done& done;
};

// Until the gate is open.
inline boost::asio::awaitable<daemon::Reply> wait_for_gate(Done& done, const daemon::Request&) {
  ++done.requests;
  const Waiting waiting(done);
  boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
  while (!done.gate_is_open) {
    pause.expires_after(std::chrono::milliseconds(1));
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
  co_return daemon::Reply{};
}

inline boost::asio::awaitable<daemon::Reply> reply_large(Done& done, const daemon::Request&) {
  ++done.requests;
  daemon::Reply reply;
  reply.content_type = "text/plain";
  reply.body.assign(32UL * 1024 * 1024, 'x');
  co_return reply;
}

class RouteTable {
 public:
  explicit RouteTable(Done& done) : done_(done) {
    using enum daemon::Verb;
    using enum daemon::Role;
    add(get, "/healthz", nobody, echo);
    add(get, "/api/v1/boards", viewer, echo).documentation.query = {{"state", "only these"},
                                                                    {"label", "only these"}};
    add(get, "/api/v1/boards/{id}", viewer, echo);
    add(get, "/api/v1/boards/mine", viewer, echo);
    add(put, "/api/v1/boards/{id}", admin, echo).documentation.request_schema = R"({"type": "object"})";
    add(post, "/api/v1/leases", user, create).documentation.request_schema = R"({"type": "object"})";
    add(remove, "/api/v1/leases/{id}", user, test::remove);
    daemon::Route& small = add(post, "/api/v1/small", user, create);
    small.documentation.request_schema = "{}";
    small.body_most = 100;
    add(post, "/api/v1/waits", user, wait_for_gate).documentation.request_schema = "{}";
    add(get, "/api/v1/wait", viewer, wait_for_gate);
    add(get, "/api/v1/queue", viewer, wait_for_gate).when_caller_leaves = daemon::WhenCallerLeaves::cancel;
    add(get, "/api/v1/large", viewer, reply_large);
    add(get, "/api/v1/fails/{kind}", viewer, fail);
    add(get, "/api/v1/events", viewer, count_events).documentation.query = {{"last", "number of the last"}};
  }

  std::vector<daemon::Route> routes() && { return std::move(routes_); }

 private:
  using Do = boost::asio::awaitable<daemon::Reply> (*)(Done&, const daemon::Request&);

  daemon::Route& add(daemon::Verb verb, const std::string& path, daemon::Role role, Do act) {
    daemon::Route route;
    route.verb = verb;
    route.path = path;
    route.least_role = role;
    route.handler = [act, &done = done_](const daemon::Request& request) { return act(done, request); };
    route.documentation.summary = "for tests";
    route.documentation.replies = {{200, "what was asked for", "{}"}};
    return routes_.emplace_back(std::move(route));
  }

  Done& done_;
  std::vector<daemon::Route> routes_;
};

inline std::vector<daemon::Route> http_routes(Done& done) { return RouteTable(done).routes(); }

}  // namespace tinyhil::test
