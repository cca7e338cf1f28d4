// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "daemon/http/client.hpp"

namespace tinyhil::daemon {

// A question as bytes. Throws Error(usage) for a path or a header that does not fit into its line.
std::string request_text(const Question& question, const DaemonAddress& address);

}  // namespace tinyhil::daemon
