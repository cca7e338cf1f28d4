// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "group_mean.hpp"

namespace tinyhil::stats {

// How many groups beyond those seen would be expected to show that their mean is above `limit`, if they are
// like those seen: with 90 % power by the spread between groups,
//   N = groups (z_(1-alpha) + z_0.9)^2 se^2 / (mean - limit)^2
// and at least as many as show it when all of these come again and again, which is 3 / margin groups when
// nothing bad was seen. Nothing when the mean is not above the limit. No value is below `lowest`.
std::optional<std::uint64_t> more_groups(std::span<const GroupTotal> groups, double limit, double lowest,
                                         double alpha);

}  // namespace tinyhil::stats
