// SPDX-License-Identifier: Apache-2.0
// Points in time and days as text, always UTC. Nothing here asks what time it is: that is for clock.hpp and
// its callers, so that a verdict can be computed again as of an earlier time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tinyhil {

using Moment = std::chrono::sys_seconds;

std::string to_text(Moment moment);                         // "2026-11-23T14:05:09Z"
std::optional<Moment> parse_moment(std::string_view text);  // exactly that form; nothing for 24:00:00

std::string to_text(std::chrono::sys_days day);                         // "2026-11-23"
std::optional<std::chrono::sys_days> parse_day(std::string_view text);  // nothing for 2026-02-30

}  // namespace tinyhil
