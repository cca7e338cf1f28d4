// SPDX-License-Identifier: Apache-2.0
// base64url without padding (RFC 7515, appendix C), as tokens and their keys are written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tinyhil::daemon {

// The bytes; nothing: it is none.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace tinyhil::daemon
