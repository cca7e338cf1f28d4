// SPDX-License-Identifier: Apache-2.0
// How well each vector was answered. Only vectors that were answered count, and those that the device never
// survived: these score 0.
#pragma once

#include <cstdint>
#include <vector>

#include "metric/rows.hpp"
#include "model/scorecard.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::metric {

// Writes answers, scores and predicted, of each vector by its first usable repeat, and right_repeats.
// `without_rows` is what became of a vector that has none. Every usable output can be scored by the task: the
// caller has checked that.
void score_vectors(const Rows& rows, const VectorSet& vectors, Answer without_rows, Scorecard& card);

// What follows from a card's answers and scores.

// [repeats + 1]: [s] vectors of which s repeats were right. Only of vectors that were run.
std::vector<std::uint64_t> by_right_repeats(const Scorecard& card, int repeats);
std::vector<std::uint32_t> quarantined(const Scorecard& card);  // their numbers
// Of the vectors that were given a class; empty where the task has none.
std::vector<std::uint64_t> confusion(const Scorecard& card, const VectorSet& vectors);
Proportion accuracy(const Scorecard& card);
// One entry for each value of each slice, in the file's order; n is 0 where no vector was answered.
std::vector<SliceScore> slice_scores(const Scorecard& card, const VectorSet& vectors);

}  // namespace tinyhil::metric
