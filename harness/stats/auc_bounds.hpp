// SPDX-License-Identifier: Apache-2.0
// Bounds for the difference of two areas under the ROC curve that hold for rare failures near an area of 1,
// where DeLong's variance is almost nothing: what a model fails at once in fifty positives is not among
// thirty.
// The difference is the mean change of the positives' placements and also that of the negatives' (the share
// of the other kind that a vector is ranked right against), values in -1 .. 1. Each half is bounded as in
// group_mean.hpp; the two are combined as the limits of a sum are (MOVER: G. Zou and A. Donner, Statistics in
// Medicine 27 (2008) 1693-1702), and added up where a group has vectors of both kinds, which may then fail
// together. Where no placement changed at all, a half of n vectors excludes 1 - alpha^(1/n), about 3/n.
#pragma once

#include <cstdint>
#include <span>

#include "model/comparison.hpp"
#include "model/scorecard.hpp"

namespace tinyhil::stats {

// Each bound alone holds with `confidence`. `groups` [vector], or empty: each vector is one. With more than
// 4,096 unlike values these are rounded to the outside, to 1/8192. Needs what delong() needs.
Interval auc_bounds(const ClassScores& scores, std::span<const std::uint32_t> groups, double confidence);

// How many positives, beside so many negatives, show at least that the area is not `margin` smaller, when no
// placement changes; 0 when no number does.
std::uint64_t fewest_of_class(double margin, std::uint64_t negatives, double confidence);

}  // namespace tinyhil::stats
