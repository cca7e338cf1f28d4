// SPDX-License-Identifier: Apache-2.0
// How many observations more would be expected to decide. Margins, widths and shares are fractions of one; N
// is rounded up.
#pragma once

#include <cstdint>
#include <optional>

#include "paired_mean.hpp"

namespace tinyhil::stats {

constexpr double kPower = 0.9;  // the chance of deciding that more observations are to give

// How many vectors beyond the n of an undecided comparison would be expected to show that the candidate is
// not worse by `margin`, if the rates seen so far are the true ones: at 90 % power
//   N = (z_(1-alpha) + z_0.9)^2 psi / (margin + difference)^2
// and at least the N at which this very table, scaled up, would pass. Nothing when the difference seen is at
// or beyond the margin: more vectors are then not expected to help.
std::optional<std::uint64_t> more_vectors(const Pairs& pairs, double margin, double alpha);

// The same for a share of vectors `share_within` that has to exceed `quantile`.
std::optional<std::uint64_t> more_vectors_for_quantile(std::uint64_t n, double share_within, double quantile,
                                                       double alpha);

// The same for any estimate of n vectors that is `width` away from its one-sided bound and `slack` away from
// the limit, on the side of the bound: the width shrinks with the root of n, so at 90 % power
//   N = n ((z_(1-alpha) + z_0.9) / z_(1-alpha))^2 (width / slack)^2
std::optional<std::uint64_t> more_vectors_for_bound(std::uint64_t n, double width, double slack,
                                                    double alpha);

}  // namespace tinyhil::stats
