// SPDX-License-Identifier: Apache-2.0
#include "event_reader.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "base/error.hpp"
#include "internal/client_connection.hpp"
#include "internal/event_parser.hpp"
#include "internal/request_text.hpp"
#include "problem.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kRefusalMost = 1024UL * 1024;  // bytes of a problem

[[noreturn]] void no_stream(const std::string& where) {
  throw Error(ErrorKind::bench_fault, "this is no stream of events", where,
              "see the daemon's log; is it a tinyhil daemon that listens there?");
}

[[noreturn]] void breaks_off(const std::string& where) {
  throw Error(ErrorKind::bench_fault, "the stream of events breaks off again and again", where,
              "see the daemon's log, and what stands between");
}

bool may_come_back(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Refused& refusal) {
    return refusal.status() >= 500;
  } catch (const Error&) {
    return true;
  } catch (...) {
    return false;  // cancelled
  }
}

// One stream, from its beginning to where it breaks off.
struct Stream {
  Stream(const asio::any_io_executor& executor, const DaemonAddress& address, std::string last_id)
      : connection(executor, address), parser(std::move(last_id)) {}

  ClientConnection connection;
  ResponseReader reader{0};
  EventParser parser;
};

asio::awaitable<void> read_refusal(Stream& stream, const std::string& where) {
  Reply reply = stream.reader.header();
  reply.body = stream.reader.take_body();
  bool more = true;
  while (more && reply.body.size() < kRefusalMost && stream.reader.stage() == ReadStage::body) {
    more = co_await stream.connection.read_more(stream.reader);
    reply.body += stream.reader.take_body();
  }
  throw refused(reply, where);
}

}  // namespace

struct EventReader::State {
  asio::awaitable<void> open();
  asio::awaitable<void> come_back();
  asio::awaitable<void> read_some();

  asio::any_io_executor executor;
  DaemonAddress address;
  Question question;
  Patience patience;
  std::unique_ptr<Stream> stream{};  // none: before the first, and after one that broke off
  std::string last_id{};
  bool has_begun = false;
  int attempts = 0;              // since something was heard
  std::exception_ptr failure{};  // the last one; none: the stream broke off
};

asio::awaitable<void> EventReader::State::open() {
  auto opened = std::make_unique<Stream>(executor, address, last_id);
  Question asked = question;
  asked.headers.push_back({"Accept", "text/event-stream"});
  if (!last_id.empty()) asked.headers.push_back({"Last-Event-ID", last_id});
  const std::string text = request_text(asked, address);
  opened->connection.set_deadline(question.limit);
  co_await opened->connection.connect();
  co_await opened->connection.send(text);
  co_await opened->connection.read_to(opened->reader, ReadStage::body);
  const ReadStage stage = opened->reader.stage();
  if (stage != ReadStage::body && stage != ReadStage::whole) no_stream(address.text);
  const Reply header = opened->reader.header();
  if (header.status >= 400) co_await read_refusal(*opened, address.text);
  if (!header.content_type.starts_with("text/event-stream")) no_stream(address.text);
  const std::string begun = opened->reader.take_body();
  if (!opened->parser.put(begun)) no_stream(address.text);
  opened->connection.clear_deadline();
  stream = std::move(opened);
  has_begun = true;
}

asio::awaitable<void> EventReader::State::come_back() {
  if (attempts >= patience.attempts && failure) std::rethrow_exception(failure);
  if (attempts >= patience.attempts) breaks_off(address.text);
  ++attempts;
  asio::steady_timer pause(executor, patience.pause);
  co_await pause.async_wait(asio::use_awaitable);
  try {
    co_await open();
  } catch (...) {
    failure = std::current_exception();
  }
  if (!stream && !may_come_back(failure)) std::rethrow_exception(failure);
}

// Silence and a broken line are alike: the stream has to be opened anew.
asio::awaitable<void> EventReader::State::read_some() {
  failure = nullptr;
  bool more = false;
  try {
    stream->connection.set_deadline(patience.silence);
    more = co_await stream->connection.read_more(stream->reader);
    stream->connection.clear_deadline();
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure && !may_come_back(failure)) std::rethrow_exception(failure);
  if (more) attempts = 0;
  const std::string text = stream->reader.take_body();
  const bool good = stream->parser.put(text) && stream->reader.stage() != ReadStage::failed;
  if (failure || !good || (!more && stream->reader.stage() != ReadStage::whole)) stream.reset();
}

EventReader::EventReader(asio::any_io_executor executor, DaemonAddress address, Question question,
                         Patience patience)
    : state_(std::make_unique<State>(
          State{std::move(executor), std::move(address), std::move(question), patience})) {}

EventReader::EventReader(EventReader&&) noexcept = default;
EventReader::~EventReader() = default;

asio::awaitable<std::optional<Event>> EventReader::next() {
  if (!state_->has_begun) co_await state_->open();
  for (;;) {
    if (!state_->stream) {
      co_await state_->come_back();
    } else if (std::optional<Event> event = state_->stream->parser.next()) {
      state_->last_id = event->id;
      co_return event;
    } else if (state_->stream->reader.stage() == ReadStage::whole) {
      co_return std::nullopt;
    } else {
      co_await state_->read_some();
    }
  }
}

}  // namespace tinyhil::daemon
