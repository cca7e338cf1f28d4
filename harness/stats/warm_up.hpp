// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace tinyhil::stats {

// How many observations of a series to drop from its start until it is stationary: MSER-5, K. P. White, M. J.
// Cobb and S. C. Spratt, "A comparison of five steady-state truncation heuristics for simulation", WSC 2000.
// Over means of 5 in the order measured, the d that minimises sum over i > d of (x_i - mean)^2 / (n - d)^2,
// at most half of them; the smallest such d. Nothing when the minimum is at that half (not yet steady:
// measure longer), or of fewer than 20 observations. The first inference after a reset is a product property;
// keep it as its own metric.
std::optional<std::size_t> warm_up_cut(std::span<const double> series);

}  // namespace tinyhil::stats
