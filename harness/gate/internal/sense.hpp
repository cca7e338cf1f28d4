// SPDX-License-Identifier: Apache-2.0
// Do results and data make sense? Asked before the rules are believed: labels in another order, a baseline
// that guesses, a model that answers the same to everything and the like would give any verdict. Which of
// these stop a release is for the policy (checks.hpp).
#pragma once

#include <vector>

#include "gate/gate.hpp"

namespace tinyhil::gate {

// One finding for each sign that was seen: critical where the policy says `error`, minor where it says
// `warn`. What is wrong with the data is an error, what is wrong with the candidate alone a fail.
std::vector<Finding> sense_findings(const Policy& policy, const Evidence& evidence);

}  // namespace tinyhil::gate
