// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "campaign/execution.hpp"
#include "event_log.hpp"

namespace tinyhil::app {

// An Execution from beginning to end, with its progress on stderr, and why it ended where the time on the
// device is over; Ctrl-C interrupts it. `log`: where its events go, too; nullptr: nowhere.
void execute(const campaign::PlannedRun& run, EventLog* log = nullptr);

}  // namespace tinyhil::app
