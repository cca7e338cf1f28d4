// SPDX-License-Identifier: Apache-2.0
// Which class each vector was given, and how often that was right. Only vectors that were answered count,
// and those that the device never survived: these are wrong.
#pragma once

#include <cstdint>
#include <vector>

#include "model/scorecard.hpp"
#include "model/vector_set.hpp"
#include "rows.hpp"

namespace tinyhil {

// Per vector the class of its first usable repeat; Scorecard::kQuarantined when one of its repeats is,
// kMissing when none is usable, `without_rows` when it has none. Every usable output has one score per
// class: the caller has checked that.
std::vector<std::uint16_t> predictions(const Rows& rows, std::size_t vectors, std::uint16_t without_rows);

// [vectors]: so many repeats were right; without an answer, or quarantined, it is not.
std::vector<std::uint16_t> right_repeats(const Rows& rows, const VectorSet& vectors);

// [repeats + 1]: [s] vectors of which s repeats were right. Only of vectors that were run.
std::vector<std::uint64_t> by_right_repeats(const std::vector<std::uint16_t>& right,
                                            const std::vector<std::uint16_t>& predicted, int repeats);

std::vector<std::uint32_t> quarantined(const std::vector<std::uint16_t>& predicted);  // their numbers

// Of the vectors that were given a class.
std::vector<std::uint64_t> confusion(const std::vector<std::uint16_t>& predicted, const VectorSet& vectors);
Proportion accuracy(const std::vector<std::uint16_t>& predicted, const VectorSet& vectors);

// One entry for each value of each slice, in the file's order; n is 0 where no vector was answered.
std::vector<SliceScore> slice_scores(const std::vector<std::uint16_t>& predicted, const VectorSet& vectors);

}  // namespace tinyhil
