// SPDX-License-Identifier: Apache-2.0
// What a new policy lets through that the old one would not. Fails closed: a change of which no rule has said
// which way it works counts as loosened.
#pragma once

#include <string>
#include <vector>

#include "gate.hpp"

namespace tinyhil::gate {

enum class Change { loosened, tightened, neutral };

const char* to_string(Change change);

struct PolicyChange {
  Change change;
  std::string where;  // "rule accuracy", "alpha", "waiver of arena"
  std::string what;   // "margin: 2 % -> 3 %"
};

// Loosened first, otherwise in the order of the files. Spelling (2 % or 2.0%) and the order of rules are no
// change.
std::vector<PolicyChange> policy_diff(const Policy& before, const Policy& after);

}  // namespace tinyhil::gate
