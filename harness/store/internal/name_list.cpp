// SPDX-License-Identifier: Apache-2.0
#include "name_list.hpp"

#include <sstream>

namespace tinyhil::store {

std::string join(const std::vector<std::string>& names, char separator) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : std::string(1, separator)) + name;
  return text;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> names;
  std::istringstream stream(text);
  for (std::string name; std::getline(stream, name, separator);) names.push_back(name);
  return names;
}

}  // namespace tinyhil::store
