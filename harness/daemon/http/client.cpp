// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "internal/client_connection.hpp"
#include "internal/request_text.hpp"
#include "problem.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kAnswerMost = 64UL * 1024 * 1024;  // bytes of a body

bool may_be_asked_twice(const Question& question) {
  const auto is_key = [](const Header& header) { return header.name == "Idempotency-Key"; };
  return question.verb != Verb::post || std::any_of(question.headers.begin(), question.headers.end(), is_key);
}

[[noreturn]] void no_reply(const ResponseReader& reader, const std::string& where) {
  const bool nonsense = reader.stage() == ReadStage::failed && reader.got_some();
  throw Error(ErrorKind::bench_fault,
              nonsense ? "what answers is no HTTP, breaks off or is too large"
                       : "the daemon closed the connection and did not answer",
              where, "see its log; is it a tinyhil daemon that listens there?");
}

}  // namespace

Client::Client(asio::any_io_executor executor, DaemonAddress address)
    : executor_(std::move(executor)), address_(std::move(address)) {}

Client::Client(Client&&) noexcept = default;
Client::~Client() = default;

asio::awaitable<Reply> Client::ask(const Question& question) {
  const std::string text = request_text(question, address_);
  const std::chrono::steady_clock::time_point until = std::chrono::steady_clock::now() + question.limit;
  for (;;) {
    const bool was_kept = kept_ != nullptr;
    std::unique_ptr<ClientConnection> connection = std::move(kept_);
    if (!connection) connection = std::make_unique<ClientConnection>(executor_, address_);
    connection->set_deadline(until - std::chrono::steady_clock::now());
    if (!was_kept) co_await connection->connect();
    co_await connection->send(text);
    ResponseReader reader(kAnswerMost);
    co_await connection->read_to(reader, ReadStage::whole);
    if (reader.stage() != ReadStage::whole) {
      if (was_kept && !reader.got_some() && may_be_asked_twice(question)) continue;
      no_reply(reader, address_.text);
    }
    Reply reply = reader.header();
    reply.body = reader.take_body();
    connection->clear_deadline();
    if (reader.keep_alive() && !connection->has_more()) kept_ = std::move(connection);
    if (reply.status >= 400) throw refused(reply, address_.text);
    co_return reply;
  }
}

}  // namespace tinyhil::daemon
