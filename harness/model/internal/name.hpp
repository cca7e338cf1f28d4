// SPDX-License-Identifier: Apache-2.0
// Names that users give to campaigns, models and boards: they become words on command lines and parts of file
// names.
#pragma once

#include <string>

#include "formats/section.hpp"

namespace tinyhil {

// Fails at `section` unless `name` is 1 to 64 letters, digits, `.`, `_` or `-`, beginning with a letter or
// digit.
void check_name(const Section& section, const std::string& noun, const std::string& name);

}  // namespace tinyhil
