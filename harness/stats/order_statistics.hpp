// SPDX-License-Identifier: Apache-2.0
// Bounds of a quantile that hold for every distribution: the count of observations below the p-quantile is
// binomial(n, p), so an order statistic x_(rank) of the sample bounds it. Ranks count from 1.
#pragma once

#include <cstdint>
#include <optional>

namespace tinyhil::stats {

// x_(rank) is at least the p-quantile with `confidence`: the smallest rank with
// BinomCDF(rank - 1; n, p) >= confidence. Nothing when even the largest observation does not suffice.
std::optional<std::uint64_t> upper_rank(std::uint64_t n, double p, double confidence);

// x_(rank) is at most the p-quantile with `confidence`: the largest rank with
// BinomCDF(rank - 1; n, p) <= 1 - confidence.
std::optional<std::uint64_t> lower_rank(std::uint64_t n, double p, double confidence);

// The fewest observations for which upper_rank exists: 299 for p = 0.99 at 95 %.
std::uint64_t fewest_for_upper_rank(double p, double confidence);

}  // namespace tinyhil::stats
