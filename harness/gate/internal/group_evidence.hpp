// SPDX-License-Identifier: Apache-2.0
// Paired accuracy over groups: whether it is shown that the candidate is not worse by `margin` for groups
// like these, and what is missing.
#pragma once

#include "accuracy_evidence.hpp"

namespace tinyhil::gate {

// At a look that was planned, each bound at 1 - alpha (stats/group_mean.hpp). Nothing is shown by too few.
AccuracyEvidence group_evidence(const PairedScore& score, double margin, double alpha);

// Evidence that was scaled to what the groups are worth takes its spread from them; where few of them are
// unlike that is too small. So it also has to be shown over groups, at the level of this look, to pass.
void confirm_over_groups(const PairedScore& score, double margin, double alpha, AccuracyEvidence& shown);

}  // namespace tinyhil::gate
