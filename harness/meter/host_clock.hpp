// SPDX-License-Identifier: Apache-2.0
// When each sample was taken, by the host's clock alone. What arrives was delayed, never early, so the line
// of (sample, time of arrival) is fitted from below: of all lines that no arrival lies under, the one nearest
// to them (an edge of their lower convex hull, below their centre). Used where no trigger wire is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "meter/window_alignment.hpp"

namespace tinyhil::meter {

struct Arrival {
  std::uint64_t samples = 0;  // that had been taken, lost ones counted
  double host_s = 0;
};

struct HostClockFit {
  double start_s = 0;   // host's time of sample 0
  double period_s = 0;  // of a sample, in seconds of the host
  // Standard uncertainty of a time by it: half the arrivals were delayed by more than 2 sqrt(3) times that. A
  // delay that all of them have is not seen in it.
  double sigma_s = 0;

  double sample_of(double host_s) const { return (host_s - start_s) / period_s; }
};

// Of arrivals in ascending order. Nothing with fewer than ten, or where they do not ascend.
std::optional<HostClockFit> fit_host_clock(std::span<const Arrival> arrivals);

struct HostWindow {
  double begin_s = 0;  // by the host's clock, as the device's answers allow to say
  double end_s = 0;
  double sigma_s = 0;  // standard uncertainty of each of them
};

// A window whose loss inside can be told only beyond what its length is uncertain by.
AlignedWindow align_by_host(const HostClockFit& fit, const HostWindow& window);

}  // namespace tinyhil::meter
