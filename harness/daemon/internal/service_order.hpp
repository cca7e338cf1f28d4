// SPDX-License-Identifier: Apache-2.0
// The order in which waiting requests are looked at: the first half of the rule in schedule.hpp. Each is
// given once; what its owner is charged for it decides who comes after it. Example:
//
//   ServiceOrder order(farm, policy, now);
//   while (const LeaseRequest* request = order.next()) {
//     if (has_board(*request)) order.grant();
//   }
#pragma once

#include <array>
#include <queue>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "daemon/farm.hpp"
#include "daemon/schedule.hpp"

namespace tinyhil::daemon {

// The priority that a request has come to by waiting.
Priority aged(const LeaseRequest& request, const SchedulePolicy& policy, Moment now);

class ServiceOrder {
 public:
  // The farm and the policy must outlive it.
  ServiceOrder(const Farm& farm, const SchedulePolicy& policy, Moment now);

  // A request of the farm; null when all were given.
  const LeaseRequest* next();
  // next()'s request got a board: its owner holds one more, and used what such a lease is charged.
  void grant();
  // The same, but the owner gives the board back in time: it does not count towards the maximum.
  void charge();

  std::size_t held(std::string_view owner) const;  // 0 of one that is not known
  bool at_maximum(std::string_view owner) const;

 private:
  using Queue = std::vector<const LeaseRequest*>;  // of one owner and one priority, the earliest last
  struct Owner {
    Span used{0};
    std::size_t held = 0;
    std::array<Queue, kPriorities> queues{};
  };
  struct Head {  // an owner's next request
    Span used;
    Moment asked_at;
    RequestId id;
    Owner* owner;
    bool operator>(const Head& other) const {
      return std::tie(used, asked_at, id) > std::tie(other.used, other.asked_at, other.id);
    }
  };

  bool at_maximum(const Owner& owner) const;
  Queue& queue(Owner& owner) const { return owner.queues[static_cast<std::size_t>(priority_)]; }
  void push_head(Owner& owner);
  bool next_stage();

  const SchedulePolicy& policy_;
  std::unordered_map<std::string_view, Owner> owners_;
  // A stage is one priority of the owners below their maximum, or then of the others.
  bool below_maximum_ = true;
  int priority_ = kPriorities;  // above the highest: no stage yet
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
  Owner* last_ = nullptr;  // whose request next() gave, and what that was
  const LeaseRequest* given_ = nullptr;
};

}  // namespace tinyhil::daemon
