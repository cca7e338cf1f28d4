// SPDX-License-Identifier: Apache-2.0
// Where a campaign stands when it is looked at: how much of the error level this look may spend, and what the
// vectors drawn so far say, in the order in which they were drawn.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gate/gate.hpp"
#include "stats/disagreement_first.hpp"

namespace tinyhil::gate {

// Methods of fixed sample size are looked at more than once too. What all looks before and this one may spend
// together is O'Brien and Fleming's 2 - 2 Phi(z_(1 - alpha/2) / sqrt(share of vectors drawn)); this look
// spends what is new, so that the errors of all looks add up to alpha at most. With StopRule::never: alpha,
// once; so it is where the beginning of the order was chosen, for nothing but the whole set is looked at
// then.
double alpha_of_look(const Sample& sample, double alpha, std::uint64_t count);

// For a statistic whose information grows with the vectors drawn, as the score of paired outcomes does: with
// StopRule::group_sequential the one-sided level at this look of Lan and DeMets' exact bounds. It is more
// than alpha_of_look(), for what was drawn before is part of what is seen now. Otherwise alpha_of_look().
double level_of_look(const Sample& sample, double alpha, std::uint64_t count);

// [looks] those levels, when there are `last` vectors to be drawn in the end.
std::vector<double> levels_of_looks(std::span<const std::uint64_t> looks, std::uint64_t last, double alpha);

// What was run is no random sample: chosen vectors are more of it than of the set.
bool is_biased(const Facts& facts);

// No beginning that was chosen is ever read as if it were random: inconclusive until the whole set was run.
Check waiting_for_all(std::string subject, const Facts& facts);

// Chosen vectors and others apart; with a slice, those of one value.
stats::DisagreementFirst chosen_and_others(const Facts& facts);
stats::DisagreementFirst chosen_and_others(const Facts& facts, const Slice& slice, std::uint16_t value);

// What the candidate scored more than the baseline, -1 .. 1.
inline double score_gained(const Facts& facts, std::size_t vector) {
  return double{facts.candidate.scores[vector]} - double{facts.baseline.scores[vector]};
}

// These differences of the vectors drawn, in the order of drawing.
std::vector<double> drawn_differences(const Facts& facts);
std::vector<double> drawn_differences(const Facts& facts, const Slice& slice, std::uint16_t value);

}  // namespace tinyhil::gate
