// SPDX-License-Identifier: Apache-2.0
// Which rule a reader has to see first, and in which order the checks of one follow.
#pragma once

#include <vector>

#include "model/reading.hpp"

namespace tinyhil::report {

struct Deciding {
  const Finding* finding = nullptr;
  const Check* check = nullptr;  // nullptr where the finding has none
};

// The rule that gave the verdict its outcome, and its check. Of a pass, which every rule gave, the one whose
// bound has the least room for the size of its limit. Without a finding where no rule decides.
Deciding deciding(const Verdict& verdict);

// The check of a finding that a reader has to see first: the one that decided, or of a pass the one with the
// least room; nullptr without checks.
const Check* leading_check(const Finding& finding);

// The most urgent first, and of those alike the one with the least room.
std::vector<const Check*> worst_first(const Finding& finding);

}  // namespace tinyhil::report
