// SPDX-License-Identifier: Apache-2.0
// Something to be done over a session, as a state machine without I/O: it posts frames when it may, takes
// frames that arrive, and says when it wants to be called although none came. Several may go on at once. It
// never waits itself: AgentLink::drive() calls it until it is finished, and every activity finishes, in the
// end with a fault.
#pragma once

#include <optional>

#include "base/fault.hpp"
#include "device/agent/session.hpp"

namespace tinyhil::device {

// How many times the limit of its silence a device may talk without getting anywhere.
inline constexpr int kTalkFactor = 4;

class Activity {
 public:
  virtual ~Activity() = default;

  // Posts what the session has room for, and what time demands.
  virtual void fill(Session& session, Time now) = 0;
  // A frame of the session, for this activity or another.
  virtual void take(const FrameView& frame, Session& session, Time now) = 0;
  // When fill() has something to do at the latest. Ever later calls bound every wait.
  virtual Time wake(const Session& session) const = 0;
  // Done, well or with a fault.
  virtual bool finished() const = 0;
  virtual const std::optional<Fault>& fault() const = 0;
};

}  // namespace tinyhil::device
