// SPDX-License-Identifier: Apache-2.0
// One paired comparison of accuracy as a Check; shared by the rules over all vectors and over slices.
#pragma once

#include <string>

#include "pairs.hpp"

namespace tinyhil {

struct AccuracyLimit {
  double margin;  // how much worse is still allowed, a ratio above 0
  double alpha;   // one-sided
};

// Pass when the lower bound of the difference lies above -margin, fail when `worse` says so (by evidence: the
// rules differ in what that takes), else inconclusive with the number of vectors that would help. The
// interval is made of the two one-sided bounds, so it is what the limit is held against.
Check accuracy_check(const std::string& subject, const PairedScore& score, const AccuracyLimit& limit,
                     bool worse);

// Says so when the vectors come in groups, such as windows of one recording, and bounds are those of their
// worth.
std::string accuracy_method(const Evidence& evidence);

}  // namespace tinyhil
