// SPDX-License-Identifier: Apache-2.0
#include "remote_bench.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::app {

namespace {

using nlohmann::ordered_json;

[[noreturn]] void no_description(const nlohmann::json::exception& error, const std::string& daemon) {
  throw Error(ErrorKind::bench_fault, std::string("the daemon does not describe the board: ") + error.what(),
              daemon, "is it the daemon of this version of tinyhil?");
}

boost::asio::awaitable<std::string> ask_text(daemon::Client& client, std::string path) {
  daemon::Question question;
  question.path = std::move(path);
  daemon::Reply reply = co_await client.ask(question);
  co_return std::move(reply.body);
}

}  // namespace

RemoteBench::RemoteBench(const ordered_json& described, const std::string& token,
                         const std::optional<std::string>& image) {
  if (image) folder_.write("image", *image);
  const std::filesystem::path secret = folder_.write("token", token);
  ::chmod(secret.c_str(), 0600);
  ordered_json board = described.at("boards").at(0);
  if (image) board["image"] = "image";
  const ordered_json bench{{"bench", described.at("bench")},
                           {"boards", ordered_json::array({std::move(board)})}};
  file_ = folder_.write("bench.yaml", bench.dump(2));  // JSON is YAML
}

boost::asio::awaitable<std::unique_ptr<RemoteBench>> fetch_remote_bench(daemon::Client& client,
                                                                        std::string daemon,
                                                                        nlohmann::json lease) {
  const std::string path = "/api/v1/leases/" + lease.at("id").dump();
  const std::string epoch = "?epoch=" + lease.at("epoch").dump();
  const std::string text = co_await ask_text(client, path + "/board" + epoch);
  ordered_json described = ordered_json::parse(text, nullptr, false);
  std::optional<std::string> image;
  const bool has_image = described.is_object() && described.value("has_image", false);
  if (has_image) image = co_await ask_text(client, path + "/image" + epoch);
  try {
    ordered_json& link = described.at("boards").at(0).at("link");
    link["address"] = daemon;
    link["token_file"] = "token";
    co_return std::make_unique<RemoteBench>(described, lease.at("token").get<std::string>(), image);
  } catch (const nlohmann::json::exception& error) {
    no_description(error, daemon);
  }
}

}  // namespace tinyhil::app
