// SPDX-License-Identifier: Apache-2.0
#include "name.hpp"

#include <algorithm>

namespace tinyhil {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; }

}  // namespace

void check_name(const Section& section, const std::string& noun, const std::string& name) {
  const bool good = !name.empty() && name.size() <= 64 && is_alphanumeric(name.front()) &&
                    std::all_of(name.begin(), name.end(), is_name_character);
  if (good) return;
  section.fail('`' + name + "` cannot be the name of a " + noun,
               "use 1 to 64 letters, digits, `.`, `_` or `-`, beginning with a letter or digit");
}

}  // namespace tinyhil
