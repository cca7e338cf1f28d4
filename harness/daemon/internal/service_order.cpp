// SPDX-License-Identifier: Apache-2.0
#include "service_order.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

#include "fair_share.hpp"

namespace tinyhil::daemon {
namespace {

constexpr std::size_t priority_index(Priority priority) { return static_cast<std::size_t>(priority); }

}  // namespace

ServiceOrder::ServiceOrder(const Farm& farm, const SchedulePolicy& policy, Moment now) : policy_(policy) {
  assert(policy.ageing > Span(0) && policy.half_life > Span(0));
  for (const OwnerUse& use : farm.used) owners_[use.owner].used += decayed(use, now, policy.half_life);
  for (const Lease& lease : farm.leases) {
    Owner& owner = owners_[lease.owner];
    ++owner.held;
    owner.used += daemon::charge(now - lease.granted_at, lease.expects, policy);
  }
  for (const LeaseRequest& request : farm.waiting)
    owners_[request.owner].waiting[risen(request, now)][priority_index(request.priority)].push_back(&request);
  const auto later = [](const LeaseRequest* a, const LeaseRequest* b) {
    return std::tie(a->asked_at, a->id) > std::tie(b->asked_at, b->id);
  };
  for (auto& [name, owner] : owners_) {
    for (ByPriority<Requests>& of_one : owner.waiting) {
      for (Requests& requests : of_one) std::ranges::sort(requests, later);
    }
  }
  enter_all();
}

std::size_t ServiceOrder::risen(const LeaseRequest& request, Moment now) const {
  const auto steps = std::max(Span(0), now - request.asked_at) / policy_.ageing;
  return std::min<std::size_t>(priority_index(request.priority) + static_cast<std::size_t>(steps),
                               kPriorities - 1);
}

const LeaseRequest* ServiceOrder::next(const Test& can_be_served) {
  if (last_ != nullptr) enter(*std::exchange(last_, nullptr));
  const Head* head = first_servable(Priority::low, Span::max(), can_be_served);
  if (head == nullptr && below_maximum_) {
    below_maximum_ = false;
    enter_all();
    head = first_servable(Priority::low, Span::max(), can_be_served);
  }
  if (head == nullptr) return nullptr;
  // It may have come so far by rising alone. Heads of owners who used less are not of its own.
  while (const Head* const before = first_servable(head->request->priority, head->used, can_be_served))
    head = before;
  given_ = head->request;
  last_ = &take(*head);
  return given_;
}

const ServiceOrder::Head* ServiceOrder::first_servable(Priority at_least, Span below,
                                                       const Test& can_be_served) {
  const Head* head = first(at_least, below);
  while (head != nullptr && !can_be_served(*head->request)) {
    enter(take(*head));
    head = first(at_least, below);
  }
  return head;
}

ServiceOrder::Owner& ServiceOrder::take(Head head) {
  Owner& owner = *head.owner;
  withdraw(owner);
  for (ByPriority<Requests>& of_one : owner.waiting) {
    Requests& requests = of_one[priority_index(head.request->priority)];
    if (!requests.empty() && requests.back() == head.request) requests.pop_back();
  }
  return owner;
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

bool ServiceOrder::Head::operator<(const Head& other) const {
  return std::tie(used, request->asked_at, request->id) <
         std::tie(other.used, other.request->asked_at, other.request->id);
}

void ServiceOrder::enter(Owner& owner) {
  if (below_maximum_ && at_maximum(owner)) return;
  for (std::size_t priority = 0; priority < kPriorities; ++priority) {
    for (std::size_t asked = 0; asked <= priority; ++asked) {
      const Requests& requests = owner.waiting[priority][asked];
      if (!requests.empty()) heads_[priority][asked].insert({owner.used, requests.back(), &owner});
    }
  }
}

void ServiceOrder::enter_all() {
  for (auto& [name, owner] : owners_) enter(owner);
}

void ServiceOrder::withdraw(Owner& owner) {
  for (std::size_t priority = 0; priority < kPriorities; ++priority) {
    for (std::size_t asked = 0; asked <= priority; ++asked) {
      const Requests& requests = owner.waiting[priority][asked];
      if (!requests.empty()) heads_[priority][asked].erase({owner.used, requests.back(), &owner});
    }
  }
}

const ServiceOrder::Head* ServiceOrder::first(Priority at_least, Span below) const {
  const Head* first = nullptr;
  for (std::size_t priority = kPriorities; priority > 0 && first == nullptr; --priority) {
    for (std::size_t asked = priority_index(at_least); asked < priority; ++asked) {
      const std::set<Head>& heads = heads_[priority - 1][asked];
      if (heads.empty() || heads.begin()->used >= below) continue;
      if (first == nullptr || *heads.begin() < *first) first = &*heads.begin();
    }
  }
  return first;
}

}  // namespace tinyhil::daemon
