// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "daemon/http/route.hpp"

namespace tinyhil::daemon {

// "Allow: GET\r\n"; nothing when the name is no token or the value has a control character, with which one
// header could become two.
std::optional<std::string> header_line(const Header& header);

}  // namespace tinyhil::daemon
