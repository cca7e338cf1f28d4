// SPDX-License-Identifier: Apache-2.0
// The rules there are, by the word that follows `test:` in a policy; from tinyhil_drivers(gate ...) in CMake.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gate/gate.hpp"

namespace tinyhil::gate {

std::vector<std::string> rule_names();

// Reads the rule's own keys from `section`. `name` is one of rule_names().
std::unique_ptr<Rule> make_rule(const std::string& name, const Section& section);

}  // namespace tinyhil::gate
