// SPDX-License-Identifier: Apache-2.0
// Names in one value of text. The separator is a character that none of them holds.
#pragma once

#include <string>
#include <vector>

namespace tinyhil::store {

std::string join(const std::vector<std::string>& names, char separator);
std::vector<std::string> split(const std::string& text, char separator);

}  // namespace tinyhil::store
