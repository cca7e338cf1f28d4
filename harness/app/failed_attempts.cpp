// SPDX-License-Identifier: Apache-2.0
#include "failed_attempts.hpp"

#include <nlohmann/json.hpp>

#include "base/file_content.hpp"

namespace tinyhil::app {

namespace {

constexpr std::size_t kAttemptsMost = 1U << 20U;  // bytes

std::string text_of(const nlohmann::json& object, const char* key) {
  const auto value = object.find(key);
  return value != object.end() && value->is_string() ? value->get<std::string>() : "";
}

}  // namespace

std::vector<report::FailedAttempt> failed_attempts_in(const nlohmann::json& list) {
  std::vector<report::FailedAttempt> attempts;
  if (!list.is_array()) return attempts;
  for (const nlohmann::json& each : list) {
    if (!each.is_object()) continue;
    report::FailedAttempt attempt{{}, text_of(each, "class"), text_of(each, "what")};
    const auto boards = each.find("boards");
    if (boards != each.end() && boards->is_array())
      for (const nlohmann::json& board : *boards)
        if (board.is_string()) attempt.boards.push_back(board.get<std::string>());
    attempts.push_back(std::move(attempt));
  }
  return attempts;
}

std::vector<report::FailedAttempt> load_failed_attempts(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> content = read_file(file, kAttemptsMost, "list of attempts");
  return failed_attempts_in(nlohmann::json::parse(content, nullptr, false));
}

}  // namespace tinyhil::app
