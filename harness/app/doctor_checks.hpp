// SPDX-License-Identifier: Apache-2.0
// What of this machine stands in the way of boards, probes and meters, each with the command that mends it.
// Looks at files only, and asks OpenOCD for its version.
#pragma once

#include <string>
#include <vector>

#include "host/usb_devices.hpp"

namespace tinyhil::app {

enum class Health { ok, note, problem };  // note: nothing to mend, and perhaps not what was expected

const char* to_string(Health health);

struct Check {
  std::string subject;  // "openocd"
  Health health{};
  std::string says;      // one sentence
  std::string remedy{};  // a command, of a problem
};

// `search_path`: where programs are looked for, as in $PATH.
std::vector<Check> doctor_checks(const host::Machine& machine, const std::string& search_path);

}  // namespace tinyhil::app
