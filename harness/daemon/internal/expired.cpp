// SPDX-License-Identifier: Apache-2.0
#include "expired.hpp"

#include <algorithm>

namespace tinyhil::daemon {

Moment ends_at(const Lease& lease, const HeartbeatRule& rule) {
  const Moment heard = std::max(lease.last_heartbeat, rule.listening_since.value_or(lease.last_heartbeat));
  return std::min(lease.expires_at, heard + rule.ttl);
}

std::vector<Expired> expired(const Farm& farm, const HeartbeatRule& rule, Moment now) {
  std::vector<Expired> found;
  for (const Lease& lease : farm.leases) {
    if (ends_at(lease, rule) > now) continue;
    found.push_back({lease.request, lease.expires_at <= now ? LeaseEnd::over : LeaseEnd::silent});
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace tinyhil::daemon
