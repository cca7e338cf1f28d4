// SPDX-License-Identifier: Apache-2.0
// Is this text? What users write ends up in JSON and HTML, which have no place for anything else.
#pragma once

#include <string_view>

namespace tinyhil {

// Well-formed UTF-8 (Unicode 15, table 3-7) without NUL.
bool is_utf8(std::string_view text);

}  // namespace tinyhil
