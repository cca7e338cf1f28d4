// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace peers {

Options::Options(int count, char** arguments, std::initializer_list<const char*> names) {
  const std::vector<std::string> given(arguments + 1, arguments + count);
  const auto end = std::find(given.begin(), given.end(), "--");
  for (auto name = given.begin(); name != end; name += 2) {
    if (std::find(names.begin(), names.end(), *name) == names.end()) {
      throw std::runtime_error("no such option: " + *name);
    }
    if (name + 1 == end) throw std::runtime_error("a value is missing after " + *name);
    values_[*name] = *(name + 1);
  }
  if (end != given.end()) command_.assign(end + 1, given.end());
}

const std::string& Options::text(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw std::runtime_error("option " + name + " is required");
  return found->second;
}

std::uint32_t Options::number(const std::string& name) const {
  const std::string& value = text(name);
  std::uint32_t result = 0;
  const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || rest != value.data() + value.size()) {
    throw std::runtime_error("not a number: " + name + " " + value);
  }
  return result;
}

}  // namespace peers
