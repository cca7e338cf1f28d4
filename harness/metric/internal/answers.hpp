// SPDX-License-Identifier: Apache-2.0
// Which row of a trial is its answer to a vector, and what two trials' answers score.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "metric/rows.hpp"
#include "model/comparison.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::metric {

inline constexpr std::uint32_t kNoAnswer = 0xFFFF'FFFF;

// [vectors] the row of a vector's first usable repeat; kNoAnswer where there is none, or one is quarantined.
std::vector<std::uint32_t> answer_rows(const Rows& rows, std::size_t vectors);

// Of the vectors that both answered. Both outputs are whole, or the result is empty.
ClassScores class_scores(const Trial& candidate, const Trial& baseline, const VectorSet& vectors,
                         std::size_t of);

// [vectors] the largest difference of an element in steps; Comparison::kNoStep where a side did not answer.
// Needs outputs of one type, both whole.
std::vector<std::int32_t> largest_steps(const Trial& candidate, const Trial& baseline, std::size_t vectors);

}  // namespace tinyhil::metric
