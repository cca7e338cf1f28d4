// SPDX-License-Identifier: Apache-2.0
// Is a body JSON that a handler can read? Well-formed UTF-8, and no deeper than 64, as readers and writers
// call themselves for each level.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tinyhil::daemon {

// Nothing when it is; else what is wrong with it and at which byte: "byte 7: unexpected end of input".
std::optional<std::string> json_mistake(std::string_view text);

}  // namespace tinyhil::daemon
