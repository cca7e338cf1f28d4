// SPDX-License-Identifier: Apache-2.0
// What a daemon tells the service manager that started it, by systemd's notification protocol (sd_notify(3)).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace tinyhil::daemon {

// "READY=1", "RELOADING=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..." and such, one a line. Does nothing when
// nobody wants to know: NOTIFY_SOCKET is not set.
void tell_service_manager(std::string_view state);

// How often "WATCHDOG=1" is due at the latest, so that we are not taken for hung; half of what WATCHDOG_USEC
// says. Nothing when it is not set, or meant for another process (WATCHDOG_PID).
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace tinyhil::daemon
