// SPDX-License-Identifier: Apache-2.0
#include "invocation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

#include "daemon/http/problem.hpp"
#include "header_line.hpp"
#include "router.hpp"

namespace tinyhil::daemon {

namespace {

std::string request_line(const Request& request) {
  return std::string(verb_name(request.verb)) + " " + request.path;
}

// What went wrong inside is for the log; the caller gets a number to ask for.
Reply incident(const Invocation& invocation, const std::string& what) {
  std::random_device source;
  const std::string number = fmt::format("{:08x}", source());
  invocation.log("incident " + number + ": " + request_line(invocation.request) + ": " + what);
  return problem(500, "the daemon could not do this", "incident " + number,
                 "look for this number in the daemon's log, and report it");
}

Reply reply_of(const std::exception_ptr& thrown, const Invocation& invocation) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return problem(error);
  } catch (const std::exception& error) {
    return incident(invocation, error.what());
  } catch (...) {
    return incident(invocation, "something that is no exception was thrown");
  }
}

bool has_good_headers(const Reply& reply) {
  const auto is_good = [](const Header& header) { return header_line(header).has_value(); };
  return is_good({"Content-Type", reply.content_type}) &&
         std::all_of(reply.headers.begin(), reply.headers.end(), is_good);
}

asio::awaitable<Reply> invoke_handler(const Invocation& invocation) {
  std::exception_ptr thrown;
  try {
    Reply reply = co_await invocation.route.handler(invocation.request);
    if (!has_good_headers(reply)) throw std::logic_error("a header of the reply does not fit into its line");
    co_return reply;
  } catch (...) {
    thrown = std::current_exception();
  }
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(thrown);
  co_return reply_of(thrown, invocation);
}

KeyedRequest keyed(const Request& request) {
  Sha256 fingerprint;
  fingerprint.add(request_line(request)).add("\n");
  for (const auto& [name, value] : request.query) fingerprint.add(name).add("=").add(value).add("\n");
  fingerprint.add("\n").add(request.body);
  return {request.caller.name, request.idempotency_key, fingerprint.finish()};
}

// Forgets the key unless it is told what the request came to: also when the coroutine is destroyed.
class RunningKey {
 public:
  RunningKey(IdempotencyKeys& keys, KeyedRequest request) : keys_(keys), request_(std::move(request)) {}
  RunningKey(const RunningKey&) = delete;
  RunningKey& operator=(const RunningKey&) = delete;
  ~RunningKey() {
    if (runs_) keys_.forget(request_);
  }

  void ends_with(const Reply& reply) {
    if (reply.status >= 500 || reply.events) return;
    RememberedReply remembered{reply.status, reply.content_type, reply.body, reply.headers};
    keys_.finish(request_, std::move(remembered), std::chrono::steady_clock::now());
    runs_ = false;
  }

 private:
  IdempotencyKeys& keys_;
  KeyedRequest request_;
  bool runs_ = true;
};

Reply again(RememberedReply remembered) {
  Reply reply;
  reply.status = remembered.status;
  reply.content_type = std::move(remembered.content_type);
  reply.body = std::move(remembered.body);
  reply.headers = std::move(remembered.headers);
  reply.headers.push_back({"Idempotency-Replayed", "true"});
  return reply;
}

Reply reply_of(KeyOutcome outcome, const Request& request) {
  if (auto* remembered = std::get_if<RememberedReply>(&outcome)) return again(std::move(*remembered));
  const std::string where = "Idempotency-Key " + request.idempotency_key;
  if (std::holds_alternative<KeyIsRunning>(outcome)) {
    return problem(409, "a request with this key is being done", where, "ask again with the same key, later");
  }
  if (std::holds_alternative<KeyIsTaken>(outcome)) {
    return problem(422, "another request had this key", where, "use a new key for a new request");
  }
  return problem(503, "too many requests with keys are being done", where, "ask again later");
}

}  // namespace

asio::awaitable<Reply> invoke(const Invocation& invocation) {
  const Request& request = invocation.request;
  if (request.verb != Verb::post || request.idempotency_key.empty()) {
    co_return co_await invoke_handler(invocation);
  }
  KeyedRequest keyed_request = keyed(request);
  KeyOutcome outcome = invocation.keys.begin(keyed_request, std::chrono::steady_clock::now());
  if (!std::holds_alternative<KeyIsNew>(outcome)) co_return reply_of(std::move(outcome), request);
  RunningKey running(invocation.keys, std::move(keyed_request));
  Reply reply = co_await invoke_handler(invocation);
  running.ends_with(reply);
  co_return reply;
}

}  // namespace tinyhil::daemon
