// SPDX-License-Identifier: Apache-2.0
// Standard base64 with padding (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tinyhil::evidence {

std::string to_base64(std::string_view bytes);
// Empty unless `text` is what to_base64() gives of something.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace tinyhil::evidence
