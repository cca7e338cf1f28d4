// SPDX-License-Identifier: Apache-2.0
#include "campaign_book.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::daemon {

bool is_over(CampaignState state) {
  return state != CampaignState::waiting && state != CampaignState::running;
}

CampaignRecord CampaignBook::submit(const CampaignWish& wish, Moment now) {
  if (const auto same = ledger_.asked_with(wish.owner, wish.key)) return *same;
  const std::vector<CampaignRecord> open = ledger_.open();
  const auto own = static_cast<std::size_t>(std::count_if(
      open.begin(), open.end(), [&](const CampaignRecord& each) { return each.wish.owner == wish.owner; }));
  const bool is_owner_full = own >= bounds_.open_most_of_owner;
  if (is_owner_full || open.size() >= bounds_.open_most)
    throw Error(ErrorKind::queue_full,
                std::to_string(is_owner_full ? own : open.size()) + " campaigns wait or run already" +
                    (is_owner_full ? " for " + wish.owner : ""),
                "campaigns", "try again later, or cancel some");
  return campaign(ledger_.add(wish, now));
}

CampaignRecord CampaignBook::start(CampaignId id, const std::vector<std::string>& boards, Moment now) {
  CampaignRecord record = campaign(id);
  assert(!is_over(record.state));
  record.state = CampaignState::running;
  if (!record.started_at) record.started_at = now;
  record.boards = boards;
  ledger_.save(record);
  return record;
}

CampaignRecord CampaignBook::end(CampaignId id, CampaignState state, CampaignEnd end, Moment now) {
  CampaignRecord record = campaign(id);
  if (is_over(record.state)) return record;
  record.state = state;
  record.ended_at = now;
  end.failed_attempts = std::move(record.end.failed_attempts);
  record.end = std::move(end);
  ledger_.save(record);
  return record;
}

CampaignRecord CampaignBook::finish(CampaignId id, CampaignEnd end, Moment now) {
  assert(campaign(id).state == CampaignState::running);
  return this->end(id, CampaignState::ended, std::move(end), now);
}

CampaignRecord CampaignBook::fail(CampaignId id, const CampaignProblem& problem, Moment now) {
  CampaignEnd end;
  end.exit_code = problem.exit_code;
  end.problem = problem;
  return this->end(id, CampaignState::failed, std::move(end), now);
}

CampaignRecord CampaignBook::stop(CampaignId id, Moment now) {
  return end(id, CampaignState::cancelled, {}, now);
}

CampaignRecord CampaignBook::try_again(CampaignId id, FailedAttempt failed) {
  CampaignRecord record = campaign(id);
  assert(record.state == CampaignState::running);
  record.state = CampaignState::waiting;
  record.end.failed_attempts.push_back(std::move(failed));
  ledger_.save(record);
  return record;
}

CampaignRecord CampaignBook::resume(CampaignId id) {
  CampaignRecord record = campaign(id);
  if (!is_over(record.state)) return record;
  if (record.state == CampaignState::ended && !record.end.may_go_on)
    throw Error(ErrorKind::usage, name_of(id) + " has its verdict", name_of(id), "submit it anew");
  record.state = CampaignState::waiting;
  record.ended_at.reset();
  CampaignEnd next;
  next.failed_attempts = std::move(record.end.failed_attempts);
  record.end = std::move(next);
  ledger_.save(record);
  return record;
}

CampaignRecord CampaignBook::campaign(CampaignId id) const {
  if (std::optional<CampaignRecord> record = ledger_.find(id)) return *record;
  throw Error(ErrorKind::not_found, "there is no " + name_of(id), name_of(id),
              "list them: GET /api/v1/campaigns");
}

std::vector<CampaignRecord> CampaignBook::latest(const CampaignFilter& filter, std::size_t most) const {
  return ledger_.latest(filter, most);
}

std::vector<CampaignId> CampaignBook::forget_old() {
  const std::vector<CampaignId> old = ledger_.old(bounds_.over_kept);
  for (const CampaignId id : old) ledger_.remove(id);
  return old;
}

}  // namespace tinyhil::daemon
