// SPDX-License-Identifier: Apache-2.0
// Slice scores of all series side by side, as the page and the comment show them.
#pragma once

#include <vector>

#include "plots.hpp"

namespace tinyhil::report {

// In the order of the first scorecard that has the slice; at most `limit` rows, the lowest accuracies kept.
std::vector<SliceRow> slice_rows(const std::vector<Series>& series, std::size_t limit);

std::size_t count_slices(const std::vector<Series>& series);

// Whether a series has its lowest accuracy in this row of all its slices.
bool is_lowest(const SliceScore& score, const Scorecard& card);

// Of the first series that has the slice: all see the same vectors.
std::uint64_t vectors_in(const SliceRow& row);

}  // namespace tinyhil::report
