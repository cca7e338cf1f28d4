// SPDX-License-Identifier: Apache-2.0
#include "daemon_run.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <fstream>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "daemon/http/event_reader.hpp"
#include "daemon/http/new_key.hpp"
#include "daemon/http/problem.hpp"

namespace tinyhil::app {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t kSentMost = std::size_t{1} << 30;
constexpr std::size_t kFetchedAtOnce = 8UL * 1024 * 1024;
constexpr std::chrono::minutes kSendWithin{30};
constexpr std::chrono::seconds kDaemonComesBack{30};
constexpr std::chrono::milliseconds kAskAgainAfter{500};

std::string campaign_path(std::uint64_t id, const std::string& rest = "") {
  return "/api/v1/campaigns/" + std::to_string(id) + rest;
}

nlohmann::json parsed(const daemon::Reply& reply, const std::string& where) {
  nlohmann::json document = nlohmann::json::parse(reply.body, nullptr, false);
  if (document.is_object()) return document;
  throw Error(ErrorKind::bench_fault, "the daemon's answer is no JSON", where,
              "see its log; is it the daemon of this version of tinyhil?");
}

}  // namespace

DaemonRun::DaemonRun(const asio::any_io_executor& executor, const daemon::DaemonAddress& address)
    : executor_(executor), address_(address), client_(executor, address) {}

// One that has answered once and does not any more is being started again, for a while.
asio::awaitable<daemon::Reply> DaemonRun::ask(daemon::Question question) {
  if (question.verb == daemon::Verb::post) question.headers.push_back({"Idempotency-Key", daemon::new_key()});
  const auto end = steady_clock::now() + kDaemonComesBack;
  for (;;) {
    try {
      daemon::Reply reply = co_await client_.ask(question);
      has_answered_ = true;
      co_return reply;
    } catch (const Error& problem) {
      const bool may_pass = problem.kind() == ErrorKind::bench_fault && has_answered_;
      if (!may_pass || steady_clock::now() >= end) throw;
    }
    asio::steady_timer pause(executor_, kAskAgainAfter);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<nlohmann::json> DaemonRun::ask_json(daemon::Verb verb, std::string path,
                                                    nlohmann::json body) {
  daemon::Question question;
  question.verb = verb;
  question.path = std::move(path);
  if (!body.is_null()) question.body = body.dump();
  const daemon::Reply reply = co_await ask(std::move(question));
  co_return parsed(reply, address_.text);
}

asio::awaitable<void> DaemonRun::send(SentFiles files) {
  nlohmann::json digests = nlohmann::json::array();
  for (const auto& [path, sent] : files) digests.push_back(sent.digest.hex());
  nlohmann::json body{{"digests", std::move(digests)}};
  const nlohmann::json answer =
      co_await ask_json(daemon::Verb::post, "/api/v1/blobs/missing", std::move(body));
  std::map<std::string, SentFile> wanted;
  for (const auto& [path, sent] : files) wanted.emplace(sent.digest.hex(), sent);
  for (const nlohmann::json& digest : answer.at("missing")) {
    SentFile file = wanted.at(digest.get<std::string>());
    co_await send_file(std::move(file));
  }
}

asio::awaitable<void> DaemonRun::send_file(SentFile file) {
  const std::vector<std::uint8_t> content = read_file(file.file, kSentMost, "file of the campaign");
  daemon::Question question;
  question.verb = daemon::Verb::put;
  question.path = "/api/v1/blobs/" + file.digest.hex();
  question.body.assign(content.begin(), content.end());
  question.body_type = "application/octet-stream";
  question.limit = kSendWithin;
  co_await ask(std::move(question));
}

asio::awaitable<CampaignDocument> DaemonRun::submit(nlohmann::json wish) {
  nlohmann::json document = co_await ask_json(daemon::Verb::post, "/api/v1/campaigns", std::move(wish));
  co_return CampaignDocument(std::move(document));
}

asio::awaitable<nlohmann::json> DaemonRun::list() {
  nlohmann::json document = co_await ask_json(daemon::Verb::get, "/api/v1/campaigns?most=1000");
  co_return std::move(document.at("campaigns"));
}

asio::awaitable<CampaignDocument> DaemonRun::resume(std::uint64_t id) {
  nlohmann::json document = co_await ask_json(daemon::Verb::post, campaign_path(id, "/resume"));
  co_return CampaignDocument(std::move(document));
}

asio::awaitable<CampaignDocument> DaemonRun::cancel(std::uint64_t id) {
  nlohmann::json document = co_await ask_json(daemon::Verb::remove, campaign_path(id));
  co_return CampaignDocument(std::move(document));
}

asio::awaitable<CampaignDocument> DaemonRun::follow(std::uint64_t id, Show show) {
  daemon::Question question;
  question.path = campaign_path(id, "/events");
  daemon::EventReader events(executor_, address_, std::move(question));
  std::optional<daemon::Event> event = co_await events.next();
  while (event) {
    show(event->name, event->text);
    event = co_await events.next();
  }
  nlohmann::json document = co_await ask_json(daemon::Verb::get, campaign_path(id));
  co_return CampaignDocument(std::move(document));
}

asio::awaitable<void> DaemonRun::fetch(std::uint64_t id, std::string what, std::filesystem::path to) {
  std::ofstream file(to, std::ios::binary | std::ios::trunc);
  std::size_t count = kFetchedAtOnce;
  for (std::uint64_t from = 0; count == kFetchedAtOnce; from += count) {
    daemon::Question question;
    question.path = campaign_path(
        id, "/" + what + "?from=" + std::to_string(from) + "&most=" + std::to_string(kFetchedAtOnce));
    const daemon::Reply piece = co_await ask(std::move(question));
    count = piece.body.size();
    file << piece.body;
  }
  file.flush();
  if (!file)
    throw Error(ErrorKind::output, "what the daemon sent cannot be written", to.string(), "free space there");
}

asio::awaitable<std::string> DaemonRun::why(std::uint64_t lease) {
  const nlohmann::json answer =
      co_await ask_json(daemon::Verb::get, "/api/v1/leases/" + std::to_string(lease) + "/why");
  co_return answer.value("text", "");
}

}  // namespace tinyhil::app
