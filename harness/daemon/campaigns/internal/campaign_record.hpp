// SPDX-License-Identifier: Apache-2.0
// A campaign that somebody has submitted, as data.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "daemon/farm.hpp"

namespace tinyhil::daemon {

struct CampaignId {
  std::uint64_t value = 0;
  auto operator<=>(const CampaignId&) const = default;
};

enum class CampaignState {
  waiting,  // for a board
  running,
  ended,      // with a verdict
  cancelled,  // by somebody; may be resumed
  failed,     // without a verdict; may be resumed
};

const char* to_string(CampaignState state);  // "waiting"
std::optional<CampaignState> campaign_state_named(const std::string& name);

// What is asked for. Paths are relative to the campaign's folder, without `..`.
struct CampaignWish {
  std::string owner;  // from the credential
  std::string name{};
  std::string campaign;                 // path of campaign.yaml
  std::map<std::string, Digest> files;  // path to content
  std::string image{};                  // path of the firmware that the boards have to run; empty: any
  std::vector<std::string> candidates{};
  std::string selector{};
  std::size_t boards = 1;  // at most so many divide the vectors
  Priority priority = Priority::normal;
  std::string purpose{};                // in the owner's words, for others to read
  std::size_t retries = 1;              // at most, of what the bench did wrong
  std::string key{};                    // of the request that asked, its owner's alone; empty: none
  std::optional<std::uint64_t> seed{};  // of an order that these models have had; none: one is drawn
};

// Why there is no verdict, as Error (base/error.hpp) says it.
struct CampaignProblem {
  int exit_code = 0;
  std::string what, where, remedy;
  std::string failure_class{};  // "bench" (model/failure_class.hpp); empty: nobody's
};

// One that failed for the bench's or a board's sake, so that the campaign was tried again.
struct FailedAttempt {
  std::vector<std::string> boards;
  CampaignProblem problem;
};

struct CandidateOutcome {
  std::string candidate, outcome;
};

struct CampaignEnd {
  std::optional<int> exit_code{};  // of `tinyhil run`
  std::vector<CandidateOutcome> outcomes{};
  std::string policy_digest{};
  std::optional<CampaignProblem> problem{};
  bool may_go_on = false;                        // ended undecided, as the time on the device was over
  std::vector<FailedAttempt> failed_attempts{};  // before this end
};

struct CampaignRecord {
  CampaignId id{};
  CampaignWish wish;
  CampaignState state = CampaignState::waiting;
  Moment submitted_at{};
  std::optional<Moment> started_at{};
  std::optional<Moment> ended_at{};
  std::vector<std::string> boards{};  // that have divided the vectors since it was started first
  CampaignEnd end{};
};

std::string name_of(CampaignId id);  // "campaign 7"

}  // namespace tinyhil::daemon
