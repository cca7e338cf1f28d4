// SPDX-License-Identifier: Apache-2.0
// A series whose neighbours depend on each other, cut into blocks whose means hardly do: Mann-Whitney at a
// nominal 5 % errs on raw AR(1) data with rho = 0.9 in 64 % of the cases, on means of long enough blocks in
// 5 %.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tinyhil::stats {

// Means of `length` consecutive values; the incomplete rest at the end is dropped. Needs length > 0.
std::vector<double> block_means(std::span<const double> series, std::size_t length);

// n / tau, tau = 1 + 2 * the sum of the autocorrelations by C. J. Geyer's initial positive sequence
// ("Practical Markov chain Monte Carlo", Statistical Science 7 (1992) 473-483): sums of two neighbouring lags
// while positive. Never above n. A constant series has n. 1 when 2000 lags did not suffice: a trend, not
// noise.
double effective_size(std::span<const double> series);

// At least 10 tau, so that neighbouring means are nearly independent; 1 of independent values.
std::size_t block_length(std::span<const double> series);

}  // namespace tinyhil::stats
