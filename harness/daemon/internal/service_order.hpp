// SPDX-License-Identifier: Apache-2.0
// The order in which waiting requests are served: the first half of the rule in schedule.hpp. Each is given
// once; what its owner is charged for it decides who comes after it. Example:
//
//   ServiceOrder order(farm, policy, now);
//   const auto can_be_served = [&](const LeaseRequest& request) { return has_free_board(request); };
//   while (const LeaseRequest* request = order.next(can_be_served)) order.grant();
#pragma once

#include <array>
#include <functional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/farm.hpp"
#include "daemon/schedule.hpp"

namespace tinyhil::daemon {

class ServiceOrder {
 public:
  // The farm and the policy must outlive it.
  ServiceOrder(const Farm& farm, const SchedulePolicy& policy, Moment now);

  using Test = std::function<bool(const LeaseRequest&)>;

  // A request of the farm that can be served; null when there is none any more. One that cannot is not asked
  // about again.
  const LeaseRequest* next(const Test& can_be_served);
  // next()'s request got a board: its owner holds one more, and used what such a lease is charged.
  void grant();
  // The same, but the owner gives the board back in time: it does not count towards the maximum.
  void charge();

  std::size_t held(std::string_view owner) const;  // 0 of one that is not known
  bool at_maximum(std::string_view owner) const;

 private:
  template <class T>
  using ByPriority = std::array<T, kPriorities>;
  // First by the priority to which a request has risen, then by the one with which it was asked.
  template <class T>
  using ByBoth = ByPriority<ByPriority<T>>;
  using Requests = std::vector<const LeaseRequest*>;  // the earliest last

  struct Owner {
    Span used{0};
    std::size_t held = 0;
    ByBoth<Requests> waiting{};
  };
  struct Head {  // the earliest request of an owner that was asked with, and rose to, some priority
    Span used;
    const LeaseRequest* request;
    Owner* owner;
    bool operator<(const Head& other) const;
  };

  bool at_maximum(const Owner& owner) const;
  std::size_t risen(const LeaseRequest& request, Moment now) const;
  void enter(Owner& owner);
  void enter_all();
  void withdraw(Owner& owner);
  // The first that was asked with this priority or more, of owners who used less than that; null: there is
  // none.
  const Head* first(Priority at_least, Span below) const;
  const Head* first_servable(Priority at_least, Span below, const Test& can_be_served);
  // Out of all lists, with the other heads of its owner, which is returned.
  Owner& take(Head head);

  const SchedulePolicy& policy_;
  std::unordered_map<std::string_view, Owner> owners_;
  bool below_maximum_ = true;  // owners below their maximum take part, or then the others
  ByBoth<std::set<Head>> heads_;
  Owner* last_ = nullptr;  // whose request next() gave; its heads are withdrawn, since its use may change
  const LeaseRequest* given_ = nullptr;
};

}  // namespace tinyhil::daemon
