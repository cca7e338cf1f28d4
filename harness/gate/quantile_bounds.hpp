// SPDX-License-Identifier: Apache-2.0
// A quantile of a trial's latencies and what is known about it beyond the vectors that were tried.
#pragma once

#include <cstdint>
#include <optional>

#include "model/scorecard.hpp"

namespace tinyhil {

// Repeats of one vector are not independent, so ranks are those of vectors, scaled to rows. Rows without a
// timing (a suspect clock, a failed inference) may hold anything: they are taken to be the slowest for the
// upper bound and the fastest for the lower one. So leaving them out never helps a candidate, nor harms it.
class LatencySample {
 public:
  explicit LatencySample(const Scorecard& card);  // lent; the trial is complete

  std::uint64_t vectors() const { return vectors_; }
  std::uint64_t untimed() const { return untimed_; }
  bool exact() const;  // the same vectors would take the same ticks again

  // Each alone holds with `confidence`; nothing when the sample does not say.
  std::optional<std::uint32_t> upper(double quantile, double confidence) const;
  std::optional<std::uint32_t> lower(double quantile, double confidence) const;

  double share_within(double ticks) const;  // of the timed rows

 private:
  const Latency& latency_;
  std::uint64_t vectors_;
  std::uint64_t repeats_;
  std::uint64_t untimed_;
};

}  // namespace tinyhil
