// SPDX-License-Identifier: Apache-2.0
#include "registry.hpp"

#include <cassert>

namespace tinyhil::gate {

#define TINYHIL_DRIVER(name) std::unique_ptr<Rule> make_##name(const Section& section);
#include "drivers.inc"
#undef TINYHIL_DRIVER

namespace {

struct Entry {
  const char* name;
  std::unique_ptr<Rule> (*make)(const Section&);
};

constexpr Entry kRules[] = {
#define TINYHIL_DRIVER(name) {#name, make_##name},
#include "drivers.inc"
#undef TINYHIL_DRIVER
};

}  // namespace

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kRules) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<Rule> make_rule(const std::string& name, const Section& section) {
  for (const Entry& entry : kRules) {
    if (entry.name == name) return entry.make(section);
  }
  assert(false && "the name was checked against rule_names()");
  return nullptr;
}

}  // namespace tinyhil::gate
