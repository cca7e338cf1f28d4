// SPDX-License-Identifier: Apache-2.0
// A run's events as lines of JSON, for who watches it from another process or machine, and back. Example:
//
//   if (const auto line = event_line(event)) file << *line << '\n';  // {"event":"metering","board":"m4"}
//   const std::optional<RunEvent> event = event_in_line(line);
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "run_events.hpp"

namespace tinyhil::campaign {

// Without its line's end. Nothing for rows, which are in the store.
std::optional<std::string> event_line(const RunEvent& event);

// Nothing for what event_line() has not written, such as events of another version.
std::optional<RunEvent> event_in_line(std::string_view line);

}  // namespace tinyhil::campaign
