// SPDX-License-Identifier: Apache-2.0
// The reason phrases of RFC 9110.
#pragma once

#include <string_view>

namespace tinyhil::daemon {

std::string_view reason_phrase(int status);  // "Unknown" for a status that RFC 9110 does not know

}  // namespace tinyhil::daemon
