// SPDX-License-Identifier: Apache-2.0
#include "farm_simulation.hpp"

#include <algorithm>
#include <utility>

#include "daemon/internal/fair_share.hpp"

namespace tinyhil::test {

using daemon::Condition;
using daemon::Lease;
using daemon::LeaseRequest;
using daemon::Moment;
using daemon::Span;

FarmSimulation::FarmSimulation(std::vector<daemon::BoardEntry> boards, const daemon::SchedulePolicy& policy,
                               Moment start)
    : policy_(policy), now_(start) {
  farm_.boards = std::move(boards);
}

void FarmSimulation::ask(LeaseRequest request, Span takes) {
  request.asked_at = now_;
  takes_.emplace(request.id, takes);
  farm_.waiting.push_back(std::move(request));
  pass();
}

void FarmSimulation::run_until(Moment end) {
  for (auto event = next_event(); event && *event <= end; event = next_event()) {
    now_ = *event;
    end_leases();
    end_cleaning();
    pass();
  }
  now_ = end;
}

std::size_t FarmSimulation::waiting(const std::string& owner) const {
  return static_cast<std::size_t>(std::ranges::count(farm_.waiting, owner, &LeaseRequest::owner));
}

std::optional<Moment> FarmSimulation::started(daemon::RequestId request) const {
  const auto found = started_.find(request);
  return found == started_.end() ? std::nullopt : std::optional(found->second);
}

Span FarmSimulation::held(const std::string& owner) const {
  const auto found = held_.find(owner);
  return found == held_.end() ? Span(0) : found->second;
}

void FarmSimulation::pass() {
  for (const daemon::Grant& each : schedule(farm_, policy_, now_)) grant(each);
}

void FarmSimulation::grant(const daemon::Grant& grant) {
  const auto request = std::ranges::find(farm_.waiting, grant.request, &LeaseRequest::id);
  Lease lease{.request = grant.request, .board = grant.board, .owner = request->owner};
  lease.granted_at = now_;
  lease.expires_at = now_ + std::chrono::days(1);
  lease.expects = request->expects;
  board(grant.board).condition = Condition::leased;
  started_.emplace(grant.request, now_);
  farm_.leases.push_back(std::move(lease));
  farm_.waiting.erase(request);
}

void FarmSimulation::end_leases() {
  const auto is_over = [&](const Lease& lease) {
    return lease.granted_at + takes_.at(lease.request) <= now_;
  };
  for (const Lease& lease : farm_.leases) {
    if (!is_over(lease)) continue;
    held_[lease.owner] += now_ - lease.granted_at;
    add_use(lease);
    board(lease.board).busy += now_ - lease.granted_at;
    board(lease.board).condition = Condition::cleaning;
    clean_at_[lease.board] = now_ + policy_.cleaning;
  }
  std::erase_if(farm_.leases, is_over);
}

void FarmSimulation::end_cleaning() {
  for (const auto& [name, clean_at] : clean_at_) {
    if (clean_at <= now_) board(name).condition = Condition::free;
  }
  std::erase_if(clean_at_, [&](const auto& cleaning) { return cleaning.second <= now_; });
}

std::optional<Moment> FarmSimulation::next_event() const {
  std::optional<Moment> next;
  const auto consider = [&next](Moment event) { next = next ? std::min(*next, event) : event; };
  for (const Lease& lease : farm_.leases) consider(lease.granted_at + takes_.at(lease.request));
  for (const auto& [name, clean_at] : clean_at_) consider(clean_at);
  return next;
}

daemon::BoardEntry& FarmSimulation::board(const std::string& name) {
  return *std::ranges::find(farm_.boards, name, &daemon::BoardEntry::name);
}

void FarmSimulation::add_use(const Lease& lease) {
  auto use = std::ranges::find(farm_.used, lease.owner, &daemon::OwnerUse::owner);
  if (use == farm_.used.end()) use = farm_.used.insert(use, {lease.owner, Span(0), now_});
  *use = with_lease(*use, lease, now_, policy_.half_life);
}

}  // namespace tinyhil::test
