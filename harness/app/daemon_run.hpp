// SPDX-License-Identifier: Apache-2.0
// A daemon's campaign, from here: what it needs is sent, it is submitted, followed and cancelled, and what it
// has left is fetched. A daemon that is started again meanwhile is waited for. Example:
//
//   DaemonRun run(io.get_executor(), address);
//   co_await run.send(files);
//   const CampaignDocument mine = co_await run.submit(wish);
//   const CampaignDocument ended = co_await run.follow(mine.id(), show);
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/digest.hpp"
#include "daemon/http/client.hpp"

namespace tinyhil::app {

namespace asio = boost::asio;

struct SentFile {
  std::filesystem::path file;  // here
  Digest digest;
};
using SentFiles = std::map<std::string, SentFile>;  // by their path below the campaign's folder

class CampaignDocument {
 public:
  CampaignDocument() = default;
  explicit CampaignDocument(nlohmann::json json) : json_(std::move(json)) {}

  std::uint64_t id() const { return json_.at("id").get<std::uint64_t>(); }
  std::string name() const { return "campaign " + std::to_string(id()); }
  std::string state() const { return json_.at("state").get<std::string>(); }
  bool is_over() const { return state() != "waiting" && state() != "running"; }
  const nlohmann::json& json() const { return json_; }

 private:
  nlohmann::json json_;
};

class DaemonRun {
 public:
  // An event of the campaign: its name, and its line as campaign/event_text.hpp reads it.
  using Show = std::function<void(const std::string& name, const std::string& line)>;

  DaemonRun(const asio::any_io_executor& executor, const daemon::DaemonAddress& address);

  // Only what the daemon does not have. Each throws as daemon::Client::ask().
  asio::awaitable<void> send(SentFiles files);
  asio::awaitable<CampaignDocument> submit(nlohmann::json wish);
  asio::awaitable<nlohmann::json> list();
  asio::awaitable<CampaignDocument> resume(std::uint64_t id);
  asio::awaitable<CampaignDocument> cancel(std::uint64_t id);
  // Until it is over.
  asio::awaitable<CampaignDocument> follow(std::uint64_t id, Show show);
  // Of the campaign: "store", or "trace_files/NAME". Throws Error(output) when it cannot be written.
  asio::awaitable<void> fetch(std::uint64_t id, std::string what, std::filesystem::path to);
  asio::awaitable<std::string> why(std::uint64_t lease);

 private:
  asio::awaitable<daemon::Reply> ask(daemon::Question question);
  asio::awaitable<nlohmann::json> ask_json(daemon::Verb verb, std::string path,
                                           nlohmann::json body = nullptr);
  asio::awaitable<void> send_file(SentFile file);

  asio::any_io_executor executor_;
  daemon::DaemonAddress address_;
  daemon::Client client_;
  bool has_answered_ = false;
};

}  // namespace tinyhil::app
