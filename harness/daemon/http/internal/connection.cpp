// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "daemon/http/problem.hpp"
#include "json_text.hpp"
#include "server_state.hpp"
#include "websocket_handshake.hpp"

namespace tinyhil::daemon {

namespace {

using boost::system::error_code;

constexpr std::size_t kReadMost = 16UL * 1024;            // bytes at a time
constexpr std::size_t kWriteStep = 64UL * 1024;           // bytes that have one deadline
constexpr std::size_t kReadStep = 1024UL * 1024;          // the same, of a body that goes into a sink
constexpr std::size_t kDroppedMost = 16UL * 1024 * 1024;  // bytes read after a refusal, for it to arrive
constexpr std::chrono::seconds kDropLimit(2);

void tell_refusal(const ServerOptions& options, const RequestReader& header, const NotAdmitted& refused) {
  const bool is_for_who_asks = refused.reply.status == 401 || refused.reply.status == 403;
  const bool only_reads = header.method() == "GET" || header.method() == "HEAD";
  if (!is_for_who_asks || only_reads) return;
  options.on_refused({refused.caller.name, std::string(header.method()) + " " + std::string(header.target()),
                      refused.reply.status});
}

}  // namespace

Connection::Connection(ServerState& server, Socket socket, Peer peer)
    : server_(server),
      stream_(std::move(socket)),
      peer_(std::move(peer)),
      deadline_(server.deadlines, [this] { stream_.cancel(); }) {}

void Connection::stop() {
  if (phase_ != Phase::request) cut();
}

asio::awaitable<void> Connection::run() {
  bool goes_on = true;
  if (peer_.is_tls) goes_on = co_await accept_tls();
  while (goes_on) {
    goes_on = co_await begins();
    if (goes_on) goes_on = co_await exchange();
  }
}

// Who does not speak TLS gets an end: there is no language to tell him in.
asio::awaitable<bool> Connection::accept_tls() {
  phase_ = Phase::idle;
  deadline_.set(server_.options.limits.request);
  const std::string failure = co_await stream_.accept_tls(*server_.tls);
  co_return failure.empty() && !deadline_.has_passed();
}

// An idle connection has no buffer and no parser.
asio::awaitable<bool> Connection::begins() {
  if (!buffer_.empty()) co_return true;
  std::string().swap(buffer_);
  phase_ = Phase::idle;
  if (server_.is_stopping) co_return false;
  deadline_.set(server_.options.limits.idle);
  const bool more = co_await stream_.readable();
  co_return more && !deadline_.has_passed();
}

asio::awaitable<bool> Connection::exchange() {
  phase_ = Phase::request;
  deadline_.set(server_.options.limits.request);
  RequestReader reader(server_.options.limits.header_most);
  const bool has_header = co_await read_to(reader, ReadStage::body);
  if (!has_header) co_return co_await give_up(reader);
  std::variant<NotAdmitted, Admitted> judged = admit(server_.router, reader, peer_);
  if (const NotAdmitted* refused = std::get_if<NotAdmitted>(&judged)) {
    tell_refusal(server_.options, reader, *refused);
    const bool is_head = reader.method() == "HEAD";
    const bool may_go_on = reader.stage() == ReadStage::whole && reader.keep_alive() && !server_.is_stopping;
    if (!may_go_on) co_return co_await close_with(refused->reply, is_head);
    co_return co_await reply(refused->reply, Afterwards::keep, is_head);
  }
  Admitted& admitted = std::get<Admitted>(judged);
  std::exception_ptr refusal;
  bool is_whole = false;
  try {
    if (admitted.route->sink) admitted.sink = admitted.route->sink(admitted.request);
    is_whole = co_await read_body(reader, admitted);
  } catch (const Error&) {
    refusal = std::current_exception();
  }
  if (refusal) {
    admitted.sink.reset();  // what it has kept so far is gone before anybody is told
    co_return co_await refuse_body(admitted, refusal);
  }
  if (!is_whole) co_return co_await give_up(reader);
  admitted.request.received = admitted.sink.get();
  admitted.request.body = reader.take_body();
  co_return co_await finish(admitted, reader);
}

asio::awaitable<bool> Connection::read_more() {
  if (deadline_.has_passed()) co_return false;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadMost);
  error_code error;
  const std::span<char> room = std::span(buffer_).subspan(before);
  const std::size_t count = co_await stream_.read_some(room, error);
  buffer_.resize(before + count);
  co_return count > 0;
}

asio::awaitable<bool> Connection::read_to(RequestReader& reader, ReadStage wanted) {
  for (;;) {
    buffer_.erase(0, reader.put(buffer_));
    if (reader.stage() >= wanted) co_return reader.stage() != ReadStage::failed;
    const bool more = co_await read_more();
    if (!more) co_return false;
  }
}

asio::awaitable<bool> Connection::read_body(RequestReader& reader, const Admitted& admitted) {
  if (reader.stage() == ReadStage::whole) co_return true;
  reader.allow_body(admitted.route->body_most);
  if (reader.stage() == ReadStage::failed) co_return false;
  if (reader.count("Expect") > 0 && buffer_.empty()) {
    const bool asked = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
    if (!asked) co_return false;
    deadline_.set(server_.options.limits.request);
  }
  if (admitted.sink) co_return co_await read_into(reader, *admitted.sink);
  co_return co_await read_to(reader, ReadStage::whole);
}

// Each step of it has the time that a whole request of another route has.
asio::awaitable<bool> Connection::read_into(RequestReader& reader, BodySink& sink) {
  std::size_t step = 0;
  for (;;) {
    buffer_.erase(0, reader.put(buffer_));
    const std::string piece = reader.take_piece();
    if (!piece.empty()) sink.take(piece);
    if (reader.stage() >= ReadStage::whole) co_return reader.stage() != ReadStage::failed;
    step += piece.size();
    if (step >= kReadStep) deadline_.set(server_.options.limits.request);
    if (step >= kReadStep) step = 0;
    const bool more = co_await read_more();
    if (!more) co_return false;
  }
}

asio::awaitable<bool> Connection::refuse_body(const Admitted& admitted, std::exception_ptr why) {
  Reply refusal;
  try {
    std::rethrow_exception(why);
  } catch (const Error& error) {
    refusal = problem(error);
  }
  co_return co_await close_with(refusal, admitted.is_head);
}

// Of a request that did not become whole.
asio::awaitable<bool> Connection::give_up(const RequestReader& reader) {
  if (reader.stage() == ReadStage::failed) {
    const Reply refusal = problem(reader.failure(), "this is no request that the daemon takes", "connection",
                                  "send HTTP/1.1 within the daemon's bounds");
    co_return co_await close_with(refusal, false);
  }
  if (!deadline_.has_passed() || reader.is_empty()) co_return false;
  const Reply late = problem(408, "the request did not arrive in time", "connection", "send it in one go");
  co_return co_await close_with(late, false);
}

asio::awaitable<bool> Connection::finish(Admitted& admitted, const RequestReader& reader) {
  const Request& request = admitted.request;
  const std::optional<std::string> mistake =
      admitted.route->documentation.request_schema.empty() || admitted.sink ? std::nullopt
                                                                            : json_mistake(request.body);
  std::optional<Reply> answer;
  if (mistake) {
    answer = problem(400, "the body is no JSON: " + *mistake, "the body of " + request.path,
                     "send a JSON document");
  } else {
    answer = co_await have_done(admitted);
  }
  admitted.sink.reset();
  if (!answer) co_return false;
  if (answer->events && !admitted.is_head) {
    co_await stream(*answer);
    co_return false;
  }
  if (answer->conversation) {
    const std::string& known = admitted.route->websocket_protocol;
    std::string begin =
        switching_text(reader.value("Sec-WebSocket-Key"), offers(reader, known) ? known : std::string());
    co_await converse(*answer->conversation, std::move(begin));
    co_return false;
  }
  const Afterwards afterwards =
      reader.keep_alive() && !server_.is_stopping ? Afterwards::keep : Afterwards::close;
  co_return co_await reply(*answer, afterwards, admitted.is_head);
}

asio::awaitable<std::optional<Reply>> Connection::have_done(const Admitted& admitted) {
  deadline_.clear();
  const Invocation invocation{*admitted.route, admitted.request, *server_.options.keys, server_.options.log};
  const bool may_be_cancelled = admitted.route->when_caller_leaves == WhenCallerLeaves::cancel;
  if (may_be_cancelled && buffer_.empty()) co_return co_await invoke_while_caller_stays(invocation);
  co_return co_await invoke(invocation);
}

asio::awaitable<bool> Connection::reply(const Reply& reply, Afterwards afterwards, bool is_head) {
  std::string text = header_text(reply, afterwards, std::chrono::system_clock::now());
  if (!is_head && !reply.events) text += reply.body;
  const bool written = co_await write(text);
  co_return written&& afterwards == Afterwards::keep;
}

asio::awaitable<bool> Connection::close_with(const Reply& refusal, bool is_head) {
  co_await reply(refusal, Afterwards::close, is_head);
  co_await drop_rest();
  co_return false;
}

// A socket that is closed with something unread resets the connection, and the last words are lost with it.
asio::awaitable<void> Connection::drop_rest() {
  deadline_.set(std::min<std::chrono::milliseconds>(server_.options.limits.write, kDropLimit));
  co_await stream_.shutdown_send();
  buffer_.clear();
  bool more = true;
  for (std::size_t dropped = 0; more && dropped < kDroppedMost; dropped += buffer_.size()) {
    buffer_.clear();
    more = co_await read_more();
  }
}

asio::awaitable<bool> Connection::write(std::string_view text) {
  std::size_t left = 0;  // of the step
  error_code error;
  while (!text.empty()) {
    if (left == 0) {
      deadline_.set(server_.options.limits.write);
      left = kWriteStep;
    }
    if (deadline_.has_passed()) co_return false;
    const std::string_view piece = text.substr(0, left);
    const std::size_t count = co_await stream_.write_some(piece, error);
    if (error) co_return false;
    text.remove_prefix(count);
    left -= count;
  }
  deadline_.clear();
  co_return true;
}

}  // namespace tinyhil::daemon
