// SPDX-License-Identifier: Apache-2.0
// When leases end by themselves. A lease lives while its client sends heartbeats, and at most until its hard
// end. Grace, so that nobody loses a board who did nothing wrong:
//
// - A client has `ttl` from its last heartbeat, of which its grant is the first; with a heartbeat each third
// of
//   it, two may be lost.
// - A daemon that was away could hear nobody: silence counts from when it began to listen, so that each lease
//   has the whole of `ttl` again.
// - A clock that went back ends nothing.
// - The hard end has no grace, whatever was heard: the client knew it from the start.
#pragma once

#include <optional>
#include <vector>

#include "daemon/farm.hpp"

namespace tinyhil::daemon {

struct HeartbeatRule {
  Span ttl = std::chrono::seconds(30);
  std::optional<Moment> listening_since{};  // when the daemon began to take heartbeats; nothing: always
};

struct Expired {
  RequestId request;
  LeaseEnd why;  // silent, or over; over also when both are true
  auto operator<=>(const Expired&) const = default;
};

// The first moment at which the lease is expired, if nothing more is heard: when to look again.
Moment ends_at(const Lease& lease, const HeartbeatRule& rule);

// The leases that are expired, by request. Their boards still have to be cleaned.
std::vector<Expired> expired(const Farm& farm, const HeartbeatRule& rule, Moment now);

}  // namespace tinyhil::daemon
