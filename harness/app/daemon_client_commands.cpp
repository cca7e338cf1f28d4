// SPDX-License-Identifier: Apache-2.0
// What is asked of the daemon and shown.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/visible.hpp"
#include "daemon/http/client.hpp"
#include "daemon_options.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::app {

namespace {

using nlohmann::ordered_json;

ordered_json ask(const AskDaemonOptions& options, daemon::Question question) {
  boost::asio::io_context io(1);
  daemon::Client client(io.get_executor(), address_of(options.daemon));
  const daemon::Reply reply = transport::run_to_end(io, client.ask(question));
  return ordered_json::parse(reply.body);
}

ordered_json get(const AskDaemonOptions& options, const std::string& path) {
  daemon::Question question;
  question.path = path;
  return ask(options, std::move(question));
}

ordered_json remove(const AskDaemonOptions& options, const std::string& path) {
  daemon::Question question;
  question.verb = daemon::Verb::remove;
  question.path = path;
  return ask(options, std::move(question));
}

// Only what stands in a URL as it is, so that nothing else can be meant.
std::string segment(const std::string& word) {
  if (!word.empty() &&
      word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
          std::string::npos)
    return word;
  throw Error(ErrorKind::usage,
              "`" + visible(word) + "` is no name of a board and no number of a lease or campaign",
              "command line", "see them: tinyhil boards, tinyhil leases");
}

std::string text_in(const ordered_json& document, const char* key) {
  if (!document.is_object()) return "";
  const auto value = document.find(key);
  return value == document.end() || !value->is_string() ? "" : visible(value->get<std::string>());
}

ExitCode show(const AskDaemonOptions& options, const ordered_json& document, const std::string& sentence) {
  fmt::print("{}\n", options.json ? document.dump(2) : sentence);
  return ExitCode::pass;
}

// Nothing of a board that has passed each of its checks at once.
std::string health_words(const ordered_json& board) {
  const auto health = board.find("health");
  if (health == board.end() || health->at("failed").get<std::uint64_t>() == 0) return "";
  std::string words =
      fmt::format("  [{} of {} checks failed, {} flaky", health->at("failed").get<std::uint64_t>(),
                  health->at("checks").get<std::uint64_t>(), health->at("flaky").get<std::uint64_t>());
  for (const auto& [step, figures] : health->at("steps").items())
    words += fmt::format("; {} helped {} of {}", visible(step), figures.at("helped").get<std::uint64_t>(),
                         figures.at("used").get<std::uint64_t>());
  return words + ']';
}

std::string board_sentence(const ordered_json& board) {
  std::string labels;
  for (const auto& [key, value] : board.at("labels").items())
    if (key != "board") labels += (labels.empty() ? "" : ",") + key + '=' + value.get<std::string>();
  std::string condition = text_in(board, "condition");
  if (board.at("lease").is_object()) condition += " by " + text_in(board.at("lease"), "owner");
  std::string reason = text_in(board, "reason");
  if (board.contains("absence") && board.at("absence").is_object())
    reason = text_in(board.at("absence"), "reason") + ", since " + text_in(board.at("absence"), "since");
  return fmt::format("{:<16} {:<20} {}{}{}", text_in(board, "name"), condition, visible(labels),
                     reason.empty() ? "" : "  (" + reason + ")", health_words(board));
}

}  // namespace

ExitCode daemon_boards_command(const AskDaemonOptions& options) {
  const ordered_json document = get(options, "/api/v1/boards");
  if (options.json) return show(options, document, "");
  for (const ordered_json& board : document.at("boards")) fmt::print("{}\n", board_sentence(board));
  return ExitCode::pass;
}

ExitCode leases_command(const AskDaemonOptions& options) {
  const ordered_json document = get(options, "/api/v1/leases");
  if (options.json) return show(options, document, "");
  for (const ordered_json& lease : document.at("leases"))
    fmt::print("{:<6} {:<8} {:<16} {:<16} {:<24} {}\n", lease.at("id").get<std::uint64_t>(),
               text_in(lease, "state"), text_in(lease, "board"), text_in(lease, "owner"),
               text_in(lease, "selector"), text_in(lease, "purpose"));
  return ExitCode::pass;
}

ExitCode campaigns_command(const AskDaemonOptions& options) {
  const ordered_json document = get(options, "/api/v1/campaigns");
  if (options.json) return show(options, document, "");
  for (const ordered_json& campaign : document.at("campaigns")) {
    std::string boards;
    for (const ordered_json& board : campaign.at("boards"))
      boards += (boards.empty() ? "" : ",") + visible(board.get<std::string>());
    std::string outcomes = text_in(campaign.at("error"), "what");
    for (const ordered_json& each : campaign.at("outcomes"))
      outcomes +=
          (outcomes.empty() ? "" : ", ") + text_in(each, "candidate") + ": " + text_in(each, "outcome");
    fmt::print("{:<6} {:<10} {:<20} {:<16} {:<16} {}\n", campaign.at("id").get<std::uint64_t>(),
               text_in(campaign, "state"), text_in(campaign, "name"), text_in(campaign, "owner"), boards,
               outcomes);
  }
  return ExitCode::pass;
}

ExitCode cancel_command(const AskDaemonOptions& options) {
  const ordered_json document = remove(options, "/api/v1/campaigns/" + segment(options.what));
  return show(options, document, fmt::format("campaign {}: {}", options.what, text_in(document, "state")));
}

ExitCode why_command(const AskDaemonOptions& options) {
  const ordered_json document = get(options, "/api/v1/leases/" + segment(options.what) + "/why");
  return show(options, document, text_in(document, "text"));
}

ExitCode release_command(const AskDaemonOptions& options) {
  const ordered_json document = remove(options, "/api/v1/leases/" + segment(options.what));
  return show(options, document, fmt::format("lease {} is over: {}", options.what, text_in(document, "end")));
}

ExitCode quarantine_command(const AskDaemonOptions& options) {
  daemon::Question question;
  question.verb = daemon::Verb::post;
  question.path = "/api/v1/boards/" + segment(options.what) + "/quarantine";
  question.body = ordered_json{{"reason", options.reason}}.dump();
  const ordered_json document = ask(options, std::move(question));
  return show(options, document, board_sentence(document));
}

ExitCode readmit_command(const AskDaemonOptions& options) {
  daemon::Question question;
  question.verb = daemon::Verb::post;
  question.path = "/api/v1/boards/" + segment(options.what) + "/readmit";
  const ordered_json document = ask(options, std::move(question));
  return show(options, document, fmt::format("{} is checked now; see tinyhil boards", options.what));
}

}  // namespace tinyhil::app
