// SPDX-License-Identifier: Apache-2.0
#include "service_order.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

#include "fair_share.hpp"

namespace tinyhil::daemon {

Priority aged(const LeaseRequest& request, const SchedulePolicy& policy, Moment now) {
  const auto steps = std::max(Span(0), now - request.asked_at) / policy.ageing;
  const auto risen = static_cast<std::int64_t>(request.priority) + steps;
  return static_cast<Priority>(std::min<std::int64_t>(risen, kPriorities - 1));
}

ServiceOrder::ServiceOrder(const Farm& farm, const SchedulePolicy& policy, Moment now) : policy_(policy) {
  assert(policy.ageing > Span(0) && policy.half_life > Span(0));
  for (const OwnerUse& use : farm.used) owners_[use.owner].used += decayed(use, now, policy.half_life);
  for (const Lease& lease : farm.leases) {
    Owner& owner = owners_[lease.owner];
    ++owner.held;
    owner.used += daemon::charge(now - lease.granted_at, lease.expects, policy);
  }
  for (const LeaseRequest& request : farm.waiting) {
    const auto priority = static_cast<std::size_t>(aged(request, policy, now));
    owners_[request.owner].queues[priority].push_back(&request);
  }
  const auto later = [](const LeaseRequest* a, const LeaseRequest* b) {
    return std::tie(a->asked_at, a->id) > std::tie(b->asked_at, b->id);
  };
  for (auto& [name, owner] : owners_) {
    for (Queue& queue : owner.queues) std::ranges::sort(queue, later);
  }
}

const LeaseRequest* ServiceOrder::next() {
  if (last_ != nullptr) push_head(*std::exchange(last_, nullptr));
  while (heads_.empty()) {
    if (!next_stage()) return nullptr;
  }
  last_ = heads_.top().owner;
  heads_.pop();
  given_ = queue(*last_).back();
  queue(*last_).pop_back();
  return given_;
}

void ServiceOrder::grant() {
  charge();
  ++last_->held;
}

void ServiceOrder::charge() {
  assert(last_ != nullptr);
  last_->used += daemon::charge(Span(0), given_->expects, policy_);
}

std::size_t ServiceOrder::held(std::string_view owner) const {
  const auto found = owners_.find(owner);
  return found == owners_.end() ? 0 : found->second.held;
}

bool ServiceOrder::at_maximum(std::string_view owner) const {
  return policy_.boards_per_owner && held(owner) >= *policy_.boards_per_owner;
}

bool ServiceOrder::at_maximum(const Owner& owner) const {
  return policy_.boards_per_owner && owner.held >= *policy_.boards_per_owner;
}

void ServiceOrder::push_head(Owner& owner) {
  const Queue& requests = queue(owner);
  // An owner that comes to its maximum goes on after all that are below theirs.
  if (requests.empty() || (below_maximum_ && at_maximum(owner))) return;
  const LeaseRequest& head = *requests.back();
  heads_.push({owner.used, head.asked_at, head.id, &owner});
}

bool ServiceOrder::next_stage() {
  if (priority_ == 0) {
    if (!below_maximum_) return false;
    below_maximum_ = false;
    priority_ = kPriorities;
  }
  --priority_;
  for (auto& [name, owner] : owners_) push_head(owner);
  return true;
}

}  // namespace tinyhil::daemon
