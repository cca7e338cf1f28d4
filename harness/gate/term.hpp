// SPDX-License-Identifier: Apache-2.0
// A key of a rule as the rule understood it, and which way it lets more through. Declared where the key is
// read, because only the rule knows what the key does.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace tinyhil::gate {

using KeyTexts = std::vector<std::pair<std::string, std::string>>;  // keys of a file with their values

enum class Looser { higher, lower, fewer_names };

struct Term {
  std::string key;
  Looser looser;
  double number = 0;
  std::vector<std::string> names{};
};

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();  // of a limit that is not given

inline Term looser_if_higher(std::string key, double number) {
  return {std::move(key), Looser::higher, number};
}
inline Term looser_if_lower(std::string key, double number) {
  return {std::move(key), Looser::lower, number};
}
inline Term looser_without(std::string key, std::vector<std::string> names) {
  return {std::move(key), Looser::fewer_names, 0, std::move(names)};
}

}  // namespace tinyhil::gate
