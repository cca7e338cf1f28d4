// SPDX-License-Identifier: Apache-2.0
// The faults that take more than a line to plant. Each returns why it cannot be planted; empty: it was.
#pragma once

#include "plant.hpp"

namespace tinyhil::campaign {

inline constexpr const char* kNoRows = "the candidate has no results";

std::string permuted_labels(Specimen& specimen);
std::string lost_accuracy(Specimen& specimen);  // one vector more than the strictest margin lets
std::string worse_slice(
    Specimen& specimen);  // the same in the smallest slice value that a rule judges by itself
std::string frozen_outputs(Specimen& specimen);
std::string one_lsb(Specimen& specimen);
std::string baseline_as_candidate(Specimen& specimen);  // the baseline's outputs for the candidate's
std::string candidate_as_baseline(Specimen& specimen);
std::string slow(Specimen& specimen);
std::string large(Specimen& specimen);

}  // namespace tinyhil::campaign
