// SPDX-License-Identifier: Apache-2.0
#include "failed_attempts.hpp"

#include <nlohmann/json.hpp>

#include "base/file_content.hpp"
#include "base/visible.hpp"
#include "model/limits.hpp"

namespace tinyhil::app {

namespace {

constexpr std::size_t kAttemptsMost = 1U << 20U;  // bytes
constexpr std::size_t kNameMost = 64;
constexpr std::size_t kWhatMost = 1U << 16U;

std::string text_in(const nlohmann::json& value, std::size_t most) {
  if (!value.is_string()) return "";
  const std::string text = value.get<std::string>().substr(0, most);
  return text.substr(0, whole_characters(text));
}

FailedAttempt failed_attempt_in(const nlohmann::json& object) {
  FailedAttempt attempt{{},
                        text_in(object.value("class", nlohmann::json()), kNameMost),
                        text_in(object.value("what", nlohmann::json()), kWhatMost)};
  const nlohmann::json boards = object.value("boards", nlohmann::json::array());
  for (const nlohmann::json& board : boards)
    if (attempt.boards.size() < kBoardsMax) attempt.boards.push_back(text_in(board, kNameMost));
  return attempt;
}

std::vector<FailedAttempt> all_of(const nlohmann::json& list) {
  std::vector<FailedAttempt> attempts;
  if (!list.is_array()) return attempts;
  for (const nlohmann::json& each : list)
    if (each.is_object() && attempts.size() < kFailedAttemptsMax) attempts.push_back(failed_attempt_in(each));
  return attempts;
}

}  // namespace

std::vector<FailedAttempt> failed_attempts_in(const nlohmann::json& document) {
  const auto list = document.find("failed_attempts");
  return list == document.end() ? std::vector<FailedAttempt>() : all_of(*list);
}

std::vector<FailedAttempt> load_failed_attempts(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> content = read_file(file, kAttemptsMost, "list of attempts");
  return all_of(nlohmann::json::parse(content, nullptr, false));
}

}  // namespace tinyhil::app
