// SPDX-License-Identifier: Apache-2.0
// Where a campaign stands when it is looked at: how much of the error level this look may spend, and what the
// vectors drawn so far say, in the order in which they were drawn.
#pragma once

#include <cstdint>
#include <vector>

#include "gate.hpp"
#include "stats/disagreement_first.hpp"

namespace tinyhil {

// Methods of fixed sample size are looked at more than once too. What all looks before and this one may spend
// together is O'Brien and Fleming's 2 - 2 Phi(z_(1 - alpha/2) / sqrt(share of vectors drawn)); this look
// spends what is new, so that the errors of all looks add up to alpha at most. With StopRule::never: alpha,
// once; so it is where the beginning of the order was chosen, for nothing but the whole set is looked at
// then.
double alpha_of_look(const Sample& sample, double alpha, std::uint64_t count);

// What was run is no random sample: chosen vectors are more of it than of the set.
bool is_biased(const Facts& facts);

// No beginning that was chosen is ever read as if it were random: inconclusive until the whole set was run.
Check waiting_for_all(std::string subject, const Facts& facts);

// Chosen vectors and others apart; with a slice, those of one value.
DisagreementFirst chosen_and_others(const Facts& facts);
DisagreementFirst chosen_and_others(const Facts& facts, const Slice& slice, std::uint16_t value);

// The paired differences (candidate right minus baseline right) of the vectors drawn, in the order of
// drawing.
std::vector<int> drawn_differences(const Facts& facts);
std::vector<int> drawn_differences(const Facts& facts, const Slice& slice, std::uint16_t value);

}  // namespace tinyhil
