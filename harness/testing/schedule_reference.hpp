// SPDX-License-Identifier: Apache-2.0
// schedule() written as its rule reads, every request and every board looked at again for each grant: what
// the fast one is held against.
#pragma once

#include <vector>

#include "daemon/schedule.hpp"

namespace tinyhil::test {

std::vector<daemon::Grant> schedule_reference(const daemon::Farm& farm, const daemon::SchedulePolicy& policy,
                                              daemon::Moment now);

}  // namespace tinyhil::test
