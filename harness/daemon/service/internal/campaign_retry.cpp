// SPDX-License-Identifier: Apache-2.0
#include "campaign_retry.hpp"

#include <algorithm>
#include <set>

#include "model/exit_code.hpp"
#include "model/failure_class.hpp"

namespace tinyhil::daemon {

namespace {

bool is_retried(const std::string& failure_class) {
  return failure_class == to_string(FailureClass::bench) || failure_class == to_string(FailureClass::board);
}

// Of verdicts: there are some, and the worst is that the bench failed.
std::optional<CampaignProblem> problem_of_verdicts(const CampaignEnd& end, const std::string& campaign) {
  const auto has = [&end](const char* outcome) {
    return std::ranges::find(end.outcomes, outcome, &CandidateOutcome::outcome) != end.outcomes.end();
  };
  if (end.exit_code != static_cast<int>(ExitCode::bench_fault) || !has("error") || has("fail"))
    return std::nullopt;
  return CampaignProblem{static_cast<int>(ExitCode::bench_fault), "a fault of the bench left no verdict",
                         campaign, "see the report and the log of the campaign",
                         to_string(FailureClass::bench)};
}

}  // namespace

std::optional<CampaignProblem> reason_to_retry(const CampaignEnd& end, const CampaignRecord& campaign) {
  if (campaign.end.failed_attempts.size() >= campaign.wish.retries) return std::nullopt;
  if (!end.problem) return problem_of_verdicts(end, name_of(campaign.id));
  return is_retried(end.problem->failure_class) ? end.problem : std::nullopt;
}

std::string selector_of_attempt(const CampaignRecord& campaign, const std::vector<BoardEntry>& boards) {
  std::set<std::string> failed;
  for (const FailedAttempt& each : campaign.end.failed_attempts)
    failed.insert(each.boards.begin(), each.boards.end());
  if (failed.empty()) return campaign.wish.selector;
  std::string names;
  for (const std::string& board : failed) names += (names.empty() ? "" : ", ") + board;
  const std::string other =
      campaign.wish.selector + (campaign.wish.selector.empty() ? "" : ",") + "board notin (" + names + ')';
  const Selector selector = Selector::parse(other);
  const bool is_any = std::ranges::any_of(boards, [&selector](const BoardEntry& each) {
    return is_in_service(each.condition) && selector.matches(each.labels);
  });
  return is_any ? other : campaign.wish.selector;
}

}  // namespace tinyhil::daemon
