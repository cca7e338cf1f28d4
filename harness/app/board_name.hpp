// SPDX-License-Identifier: Apache-2.0
// Names for boards that others have named.
#pragma once

#include <set>
#include <string>

namespace tinyhil::app {

// What is left of a text that a bench takes for a name; "board" when nothing is.
std::string board_name_from(const std::string& text);

// The name, or with a number behind it when it is used already; it is used then.
std::string unused_name(const std::string& name, std::set<std::string>& used);

}  // namespace tinyhil::app
