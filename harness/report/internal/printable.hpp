// SPDX-License-Identifier: Apache-2.0
// Text from a device or a user's file may hold any bytes; documents may not.
#pragma once

#include <string>
#include <string_view>

namespace tinyhil::report {

// Valid UTF-8 that XML 1.0 may carry: control characters become their pictures (U+2400...), except tab, line
// feed and carriage return; what turns the direction of writing is written out (base/visible.hpp); anything
// else that is not allowed becomes U+FFFD.
std::string printable(std::string_view text);

// At most `limit` bytes of printable text, cut between characters and ended by an ellipsis when it was
// longer.
std::string clipped(std::string_view text, std::size_t limit);

}  // namespace tinyhil::report
