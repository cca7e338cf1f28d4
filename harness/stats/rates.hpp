// SPDX-License-Identifier: Apache-2.0
// What n observations say about those not made, for events that should not occur at all: mismatches with the
// golden outputs, faults, harness errors. Exact (Clopper and Pearson); each bound alone holds with
// `confidence`. Without an event the upper bound is 1 - (1 - confidence)^(1/n), the "rule of three": about
// 3/n at 95 %.
#pragma once

#include <cstdint>

namespace tinyhil::stats {

double rate_upper_bound(std::uint64_t events, std::uint64_t n, double confidence);  // 1 for n = 0
double rate_lower_bound(std::uint64_t events, std::uint64_t n, double confidence);  // 0 for n = 0

// How many observations without an event show that the rate is at most `rate`: 299 for 1 % at 95 %. 0 < rate
// < 1.
std::uint64_t fewest_without_event(double rate, double confidence);

}  // namespace tinyhil::stats
