// SPDX-License-Identifier: Apache-2.0
// Farms that no person would think of, from a seed: few boards, labels, owners and moments, so that
// everything ties with something, and every rule of the schedule gets to decide.
#pragma once

#include "daemon/farm.hpp"
#include "daemon/schedule.hpp"

namespace tinyhil::test {

struct RandomFarm {
  daemon::Farm farm;
  daemon::SchedulePolicy policy;
  daemon::Moment now;
};

RandomFarm random_farm(std::uint64_t seed);

// The same with each of its lists in another order.
daemon::Farm shuffled(const daemon::Farm& farm, std::uint64_t seed);

}  // namespace tinyhil::test
