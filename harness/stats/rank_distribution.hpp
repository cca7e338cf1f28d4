// SPDX-License-Identifier: Apache-2.0
// How far from the ends an ordered difference has to stand to bound a shift. Ranks count from 1. Both
// distributions are those without ties; with ties they only make a bound more cautious.
#pragma once

#include <cstdint>
#include <optional>

namespace tinyhil::stats {

// The largest k with P(U <= k - 1) <= tail, U the Mann-Whitney statistic of n and m observations with no
// shift: exact by counting for small samples, else the normal approximation with continuity. Nothing when
// even k = 1 exceeds the tail: too few observations.
std::optional<std::uint64_t> mann_whitney_rank(std::uint64_t n, std::uint64_t m, double tail);

// The same for Wilcoxon's signed-rank statistic of n observations; exact up to 100.
std::optional<std::uint64_t> signed_rank_rank(std::uint64_t n, double tail);

// P(T <= statistic), T the signed-rank statistic of n observations without a shift: one tail of the exact
// test. Nothing beyond 100 observations: use the approximation of signed_rank() (mann_whitney.hpp).
std::optional<double> signed_rank_tail(std::uint64_t n, std::uint64_t statistic);

}  // namespace tinyhil::stats
