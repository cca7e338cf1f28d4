// SPDX-License-Identifier: Apache-2.0
// Which waiting requests get which free boards now. Pure: the same farm, in whatever order its lists are, the
// same policy and moment give the same grants. Who carries the grants out makes leases of them, or schedules
// again. The rule (docs/decisions/0050):
//
// Requests come in this order, which is looked at anew after each grant:
//   1. owners who hold fewer boards than the policy's maximum, before those who hold as many or more;
//   2. the higher priority; a request rises by one for each `ageing` that it has waited;
//   3. the owner who used less: what is left of its decayed use, and for each lease that it holds the time so
//      far or, where that is longer, the time that the request expected;
//   4. the earlier request, then the smaller id.
// But a request that would be first only because it rose lets those go before it, in the same order, that
// were asked with its own or a higher priority by owners who used less: waiting helps against urgency, and
// against nobody's fair share.
//
// The first that matches any free board gets one:
//   1. with the firmware that it wishes for;
//   2. that the fewest waiting requests match, so that a special board is kept for who needs it;
//   3. that was busy for the shortest time in its life;
//   4. whose name comes first.
// So on until no waiting request matches a free board: none is left idle, and a request for which no board is
// free holds up nobody, and holds nothing back. So a pass is due when a request comes or a board comes free,
// and at no other time.
//
// A board that has a lease is not free, whatever its condition. A pass takes some milliseconds for 500 boards
// and 2,000 requests. Example:
//
//   for (const Grant& grant : schedule(farm, SchedulePolicy{}, now)) ledger.grant(grant, now);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "farm.hpp"

namespace tinyhil::daemon {

struct SchedulePolicy {
  // Both more than zero.
  Span ageing = std::chrono::hours(1);     // a request that waited so long counts as one priority higher
  Span half_life = std::chrono::hours(4);  // what was used so long ago counts half
  // Of a lease, while it is shorter and its request expected less.
  Span least_charge = std::chrono::minutes(1);
  // At once, while others could use the board; nothing: any number.
  std::optional<std::size_t> boards_per_owner{};
  // How long a board is cleaned after a lease: only estimates go by it.
  Span cleaning = std::chrono::seconds(30);
};

struct Grant {
  RequestId request;
  std::string board;
  auto operator<=>(const Grant&) const = default;
};

// In the order in which they were decided. The farm's names, ids and owners must be unique, as farm.hpp says.
std::vector<Grant> schedule(const Farm& farm, const SchedulePolicy& policy, Moment now);

}  // namespace tinyhil::daemon
