// SPDX-License-Identifier: Apache-2.0
#include "remote_bench.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace tinyhil::app {

namespace {

// JSON is YAML.
std::string bench_text(const std::string& daemon, const nlohmann::ordered_json& described,
                       const std::optional<std::string>& image) {
  try {
    nlohmann::ordered_json board = described.at("boards").at(0);
    board.at("link")["address"] = daemon;
    if (image) board["image"] = "image";
    const nlohmann::ordered_json bench{{"bench", described.at("bench")},
                                       {"boards", nlohmann::ordered_json::array({std::move(board)})}};
    return bench.dump(2);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::bench_fault,
                std::string("the daemon does not describe the board: ") + error.what(), daemon,
                "is it the daemon of this version of tinyhil?");
  }
}

}  // namespace

RemoteBench::RemoteBench(const std::string& daemon, const nlohmann::ordered_json& described,
                         const std::optional<std::string>& image) {
  if (image) folder_.write("image", *image);
  file_ = folder_.write("bench.yaml", bench_text(daemon, described, image));
}

bool has_image(const nlohmann::ordered_json& described) {
  const auto found = described.find("has_image");
  return found != described.end() && *found == true;
}

}  // namespace tinyhil::app
