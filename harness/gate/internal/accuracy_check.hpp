// SPDX-License-Identifier: Apache-2.0
// One paired comparison of accuracy as a Check; shared by the rules over all vectors and over slices.
#pragma once

#include <string>

#include "accuracy_evidence.hpp"

namespace tinyhil::gate {

struct PairedSubject {
  std::string name;  // "accent = scottish"
  PairedScore score;
};

// Pass when it is shown that the candidate is not worse by `margin`, fail when `worse` says so (by evidence:
// the rules differ in what that takes), else inconclusive with the number of vectors that would help. The
// interval is made of the two one-sided bounds, so it is what the limit is held against.
Check accuracy_check(const PairedSubject& subject, const AccuracyEvidence& shown, double margin, bool worse);

}  // namespace tinyhil::gate
