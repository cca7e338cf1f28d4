// SPDX-License-Identifier: Apache-2.0
// What becomes of a campaign that was submitted: a state machine for each, in the ledger before anybody is
// told. Time is passed in; no file but the ledger, no board and no process is touched here. Example:
//
//   CampaignBook book(ledger, {});
//   const CampaignRecord mine = book.submit(wish, now);
//   book.start(mine.id, {"m4"}, now);
//   book.finish(mine.id, end, now);
#pragma once

#include <string>
#include <vector>

#include "campaign_ledger.hpp"

namespace tinyhil::daemon {

struct CampaignBounds {
  std::size_t open_most = 1'000;
  std::size_t open_most_of_owner = 200;
  std::size_t over_kept = 1'000;  // campaigns that are over, with their files
};

// What happens to a campaign, and what it is then; nothing else happens to it.
// clang-format off
//   state      start    finish  fail    stop       try_again  resume
//   waiting    running  -       failed  cancelled  -          =
//   running    running  ended   failed  cancelled  waiting    =
//   ended      -        -       -       =          -          waiting, if its run may go on
//   cancelled  -        -       -       =          -          waiting
//   failed     -        -       -       =          -          waiting
// clang-format on
// = nothing changes, and it is no mistake: who asks twice gets what he wants; - never asked.
class CampaignBook {
 public:
  CampaignBook(CampaignLedger& ledger, const CampaignBounds& bounds) : ledger_(ledger), bounds_(bounds) {}

  // Asked again with the same key it is the same one. Throws Error(queue_full).
  CampaignRecord submit(const CampaignWish& wish, Moment now);
  void take_back(CampaignId id) { ledger_.remove(id); }  // as if it had never been submitted

  // Each returns what it is then.
  CampaignRecord start(CampaignId id, const std::vector<std::string>& boards, Moment now);
  CampaignRecord finish(CampaignId id, CampaignEnd end, Moment now);
  CampaignRecord fail(CampaignId id, const CampaignProblem& problem, Moment now);
  CampaignRecord stop(CampaignId id, Moment now);
  CampaignRecord try_again(CampaignId id, FailedAttempt failed);  // one that runs
  CampaignRecord resume(CampaignId id);  // throws Error(usage) for one that has its verdict

  // Throws Error(not_found).
  CampaignRecord campaign(CampaignId id) const;
  std::vector<CampaignRecord> latest(const CampaignFilter& filter, std::size_t most) const;
  std::vector<CampaignRecord> open() const { return ledger_.open(); }
  std::map<CampaignState, std::uint64_t> counts() const { return ledger_.counts(); }
  // Forgets the oldest that are over, beyond the bound; their files are the caller's.
  std::vector<CampaignId> forget_old();

 private:
  CampaignRecord end(CampaignId id, CampaignState state, CampaignEnd end, Moment now);

  CampaignLedger& ledger_;
  CampaignBounds bounds_;
};

bool is_over(CampaignState state);

}  // namespace tinyhil::daemon
