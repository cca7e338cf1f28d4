// SPDX-License-Identifier: Apache-2.0
#include "fair_share.hpp"

#include <algorithm>
#include <cmath>

namespace tinyhil::daemon {

Span bounded(Span time) { return std::clamp(time, Span(0), Span(kLongestCharge)); }

Span decayed(const OwnerUse& use, Moment now, Span half_life) {
  const auto age = static_cast<double>(std::max(Span(0), now - use.as_of).count());
  const double left = std::exp2(-age / static_cast<double>(half_life.count()));
  return Span(std::llround(static_cast<double>(use.used.count()) * left));
}

OwnerUse with_lease(const OwnerUse& use, const Lease& lease, Moment end, Span half_life) {
  const Moment as_of = std::max(end, use.as_of);
  const Span held = bounded(end - lease.granted_at);
  return {use.owner, decayed(use, as_of, half_life) + held, as_of};
}

Span charge(Span so_far, std::optional<Span> expects, const SchedulePolicy& policy) {
  return bounded(std::max({so_far, expects.value_or(Span(0)), policy.least_charge}));
}

}  // namespace tinyhil::daemon
