// SPDX-License-Identifier: Apache-2.0
// How much board time counts against an owner. Whole microseconds, so that sums do not depend on their order.
//
// Time that was used decays: after each half-life it counts half. At a lease's end who keeps the ledger adds
// it to its owner's use:
//
//   use = with_lease(use, lease, now, policy.half_life);
#pragma once

#include "daemon/farm.hpp"
#include "daemon/schedule.hpp"

namespace tinyhil::daemon {

inline constexpr Span kLongestCharge = std::chrono::days(30);  // of one lease: longer ones count as this

// A time that somebody said or that clocks gave, held to what can be.
Span bounded(Span time);

// What of it is left by `now`; before `as_of` nothing has decayed yet.
Span decayed(const OwnerUse& use, Moment now, Span half_life);

// The use after a lease that ended at `end`, as of then.
OwnerUse with_lease(const OwnerUse& use, const Lease& lease, Moment end, Span half_life);

// What a lease that is held for `so_far` counts.
Span charge(Span so_far, std::optional<Span> expects, const SchedulePolicy& policy);

}  // namespace tinyhil::daemon
