// SPDX-License-Identifier: Apache-2.0
#include "campaign_json.hpp"

namespace tinyhil::daemon {

using nlohmann::ordered_json;

const char* to_string(CampaignState state) {
  switch (state) {
    case CampaignState::waiting:
      return "waiting";
    case CampaignState::running:
      return "running";
    case CampaignState::ended:
      return "ended";
    case CampaignState::cancelled:
      return "cancelled";
    case CampaignState::failed:
      return "failed";
  }
  return "unknown";
}

std::optional<CampaignState> campaign_state_named(const std::string& name) {
  for (const auto state : {CampaignState::waiting, CampaignState::running, CampaignState::ended,
                           CampaignState::cancelled, CampaignState::failed})
    if (name == to_string(state)) return state;
  return std::nullopt;
}

std::string name_of(CampaignId id) { return "campaign " + std::to_string(id.value); }

ordered_json json_of(const CampaignWish& wish) {
  ordered_json files = ordered_json::object();
  for (const auto& [path, digest] : wish.files) files[path] = digest.hex();
  ordered_json json{
      {"owner", wish.owner},       {"name", wish.name},     {"campaign", wish.campaign},
      {"files", std::move(files)}, {"image", wish.image},   {"candidates", wish.candidates},
      {"selector", wish.selector}, {"boards", wish.boards}, {"priority", static_cast<int>(wish.priority)},
      {"purpose", wish.purpose},   {"key", wish.key}};
  json["retries"] = wish.retries;
  json["seed"] = wish.seed ? ordered_json(*wish.seed) : ordered_json(nullptr);
  return json;
}

CampaignWish wish_in(const ordered_json& json) {
  CampaignWish wish;
  json.at("owner").get_to(wish.owner);
  json.at("name").get_to(wish.name);
  json.at("campaign").get_to(wish.campaign);
  for (const auto& [path, digest] : json.at("files").items())
    wish.files.emplace(path, Digest::from_hex(digest.get<std::string>()));
  json.at("image").get_to(wish.image);
  json.at("candidates").get_to(wish.candidates);
  json.at("selector").get_to(wish.selector);
  json.at("boards").get_to(wish.boards);
  wish.priority = static_cast<Priority>(json.at("priority").get<int>());
  json.at("purpose").get_to(wish.purpose);
  json.at("key").get_to(wish.key);
  wish.retries = json.value("retries", wish.retries);  // an older one did not say
  if (!json.at("seed").is_null()) wish.seed = json.at("seed").get<std::uint64_t>();
  return wish;
}

ordered_json json_of(const CampaignProblem& problem) {
  return {
      {"exit_code", problem.exit_code},
      {"what", problem.what},
      {"where", problem.where},
      {"remedy", problem.remedy},
      {"class", problem.failure_class.empty() ? ordered_json(nullptr) : ordered_json(problem.failure_class)}};
}

CampaignProblem problem_in(const ordered_json& json) {
  CampaignProblem problem{json.at("exit_code").get<int>(), json.at("what").get<std::string>(),
                          json.at("where").get<std::string>(), json.at("remedy").get<std::string>()};
  const auto of = json.find("class");  // an older one did not say
  if (of != json.end() && of->is_string()) of->get_to(problem.failure_class);
  return problem;
}

ordered_json json_of(const std::vector<FailedAttempt>& attempts) {
  ordered_json list = ordered_json::array();
  for (const FailedAttempt& each : attempts) {
    list.push_back({{"boards", each.boards}});
    list.back().update(json_of(each.problem));
  }
  return list;
}

ordered_json json_of(const CampaignEnd& end) {
  ordered_json outcomes = ordered_json::array();
  for (const CandidateOutcome& each : end.outcomes)
    outcomes.push_back({{"candidate", each.candidate}, {"outcome", each.outcome}});
  ordered_json json;
  json["exit_code"] = end.exit_code ? ordered_json(*end.exit_code) : ordered_json(nullptr);
  json["outcomes"] = std::move(outcomes);
  json["policy_digest"] = end.policy_digest;
  json["error"] = end.problem ? json_of(*end.problem) : ordered_json(nullptr);
  json["may_go_on"] = end.may_go_on;
  json["failed_attempts"] = json_of(end.failed_attempts);
  return json;
}

CampaignEnd end_in(const ordered_json& json) {
  CampaignEnd end;
  if (!json.at("exit_code").is_null()) end.exit_code = json.at("exit_code").get<int>();
  for (const ordered_json& each : json.at("outcomes"))
    end.outcomes.push_back({each.at("candidate").get<std::string>(), each.at("outcome").get<std::string>()});
  json.at("policy_digest").get_to(end.policy_digest);
  if (const ordered_json& error = json.at("error"); !error.is_null()) end.problem = problem_in(error);
  json.at("may_go_on").get_to(end.may_go_on);
  if (const auto attempts = json.find("failed_attempts"); attempts != json.end())
    for (const ordered_json& each : *attempts)
      end.failed_attempts.push_back({each.at("boards").get<std::vector<std::string>>(), problem_in(each)});
  return end;
}

}  // namespace tinyhil::daemon
