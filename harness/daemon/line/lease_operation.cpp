// SPDX-License-Identifier: Apache-2.0
#include "lease_operation.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/file_content.hpp"
#include "daemon/http/client.hpp"
#include "daemon/http/new_key.hpp"
#include "daemon/http/problem.hpp"
#include "image_limit.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::daemon {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kComesBackWithin{20};
constexpr std::chrono::milliseconds kAskAgainAfter{300};
constexpr std::chrono::minutes kSendWithin{10};

class Conversing {
 public:
  Conversing(asio::any_io_executor executor, const LeaseAddress& place, const LeaseOperation& operation)
      : executor_(executor), place_(place), operation_(operation), client_(executor, place.daemon) {}

  // How it ended, as the daemon says it.
  asio::awaitable<nlohmann::ordered_json> run() {
    nlohmann::json wish{{"operation", operation_.name}};
    if (operation_.halts) wish["halt"] = true;
    if (operation_.erases) wish["erase"] = true;
    if (operation_.size > 0) wish["address"] = operation_.address;
    if (operation_.size > 0) wish["size"] = operation_.size;
    if (operation_.image) {
      wish["image_sha256"] = co_await send_image();
      wish["image_name"] = operation_.image->filename().string();
    }
    nlohmann::ordered_json answer = co_await ask(Verb::post, path(""), std::move(wish));
    const std::string number = answer.at("number").dump();
    has_begun_ = true;
    while (answer.at("state") == "running")
      answer = co_await ask(Verb::get, path("/" + number, "&wait_s=10"));
    co_return answer;
  }

 private:
  std::string path(const std::string& rest, const std::string& more = "") const {
    return "/api/v1/leases/" + std::to_string(place_.lease) + "/operations" + rest +
           "?epoch=" + std::to_string(place_.epoch) + more;
  }

  asio::awaitable<std::string> send_image() {
    const std::vector<std::uint8_t> content = read_file(*operation_.image, kImageMost, "firmware image");
    std::string digest = sha256(content).hex();
    nlohmann::json digests{{"digests", nlohmann::json::array({digest})}};
    const nlohmann::ordered_json answer =
        co_await ask(Verb::post, "/api/v1/blobs/missing", std::move(digests));
    if (answer.at("missing").empty()) co_return digest;
    Question question;
    question.verb = Verb::put;
    question.path = "/api/v1/blobs/" + digest;
    question.body.assign(content.begin(), content.end());
    question.body_type = "application/octet-stream";
    question.limit = kSendWithin;
    co_await ask_patiently(std::move(question));
    co_return digest;
  }

  asio::awaitable<nlohmann::ordered_json> ask(Verb verb, std::string path, nlohmann::json body = nullptr) {
    Question question;
    question.verb = verb;
    question.path = std::move(path);
    if (!body.is_null()) question.body = body.dump();
    if (verb == Verb::post) question.headers.push_back({"Idempotency-Key", new_key()});
    const Reply reply = co_await ask_patiently(std::move(question));
    co_return nlohmann::ordered_json::parse(reply.body);
  }

  asio::awaitable<Reply> ask_patiently(Question question) {
    const auto until = steady_clock::now() + kComesBackWithin;
    for (;;) {
      try {
        Reply reply = co_await client_.ask(question);
        has_answered_ = true;
        co_return reply;
      } catch (const Error& error) {
        if (has_begun_ && error.kind() == ErrorKind::not_found) forgotten();
        const bool may_pass = has_answered_ && error.kind() == ErrorKind::bench_fault;
        if (!may_pass || steady_clock::now() >= until) throw;
      }
      asio::steady_timer pause(executor_, kAskAgainAfter);
      co_await pause.async_wait(asio::use_awaitable);
    }
  }

  [[noreturn]] void forgotten() const {
    throw Error(ErrorKind::bench_fault,
                "the daemon was started again, and nobody knows what became of `" + operation_.name + "`",
                place_.daemon.text, "do it again");
  }

  asio::any_io_executor executor_;
  const LeaseAddress& place_;
  const LeaseOperation& operation_;
  Client client_;
  bool has_answered_ = false;
  bool has_begun_ = false;
};

}  // namespace

OperationResult carry_out(const LeaseAddress& place, const LeaseOperation& operation) {
  asio::io_context io(1);
  Conversing conversing(io.get_executor(), place, operation);
  try {
    const nlohmann::ordered_json ended = transport::run_to_end(io, conversing.run());
    OperationResult result;
    result.has_touched_board = ended.value("board_touched", true);
    if (ended.contains("result")) result.document = ended.at("result").dump();
    if (ended.contains("error")) {
      Reply problem;
      problem.status = ended.at("error").at("status");
      problem.body = ended.at("error").dump();
      result.error = refused(problem, place.daemon.text);
    }
    return result;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::bench_fault,
                std::string("the daemon does not say what became of it: ") + error.what(), place.daemon.text,
                "is it the daemon of this version of tinyhil?");
  }
}

}  // namespace tinyhil::daemon
