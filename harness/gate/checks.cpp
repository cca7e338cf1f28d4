// SPDX-License-Identifier: Apache-2.0
#include "checks.hpp"

namespace tinyhil::gate {

const char* to_string(SenseLevel level) {
  switch (level) {
    case SenseLevel::off:
      return "off";
    case SenseLevel::warn:
      return "warn";
    case SenseLevel::error:
      return "error";
  }
  return "unknown";
}

SenseLevels::SenseLevels() {
  for (const SenseCheck& check : kSenseChecks) levels_[check.name] = check.by_default;
}

SenseLevels::SenseLevels(const Section& section) : SenseLevels() {
  for (auto& [name, level] : levels_) {
    const std::string word = section.choice(name, {"error", "warn", "off"}, to_string(level));
    level = word == "error" ? SenseLevel::error : word == "warn" ? SenseLevel::warn : SenseLevel::off;
  }
  section.finish();
}

}  // namespace tinyhil::gate
