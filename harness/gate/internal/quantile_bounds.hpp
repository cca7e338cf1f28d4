// SPDX-License-Identifier: Apache-2.0
// A quantile of what a trial measured, and what is known about it beyond the vectors that were tried.
#pragma once

#include <cstdint>
#include <optional>

#include "gate/groups.hpp"
#include "model/scorecard.hpp"

namespace tinyhil::gate {

// Repeats of one vector are not independent, so ranks are those of vectors, scaled to rows. Rows without a
// timing (a suspect clock, a failed inference) may hold anything: they are taken to be the slowest for the
// upper bound and the fastest for the lower one. So leaving them out never helps a candidate, nor harms it.
//
// Where vectors come in groups, and how long one takes may depend on its group, the share of vectors that
// take longer is bounded over groups: of each vector by its first timing that is to be trusted.
class QuantitySample {
 public:
  // Both lent; the trial is complete.
  QuantitySample(const Scorecard& card, const Quantity& quantity, const VectorSet& vectors,
                 bool ignore_groups);

  std::uint64_t vectors() const { return vectors_; }
  std::uint64_t untimed() const { return untimed_; }
  bool exact() const;  // the same vectors would take the same ticks again

  // Each alone holds with `confidence`; nothing when the sample does not say.
  std::optional<std::uint32_t> upper(double quantile, double confidence) const;
  std::optional<std::uint32_t> lower(double quantile, double confidence) const;

  double share_within(double ticks) const;  // of the timed rows

  const Groups& groups() const { return groups_; }  // none: vectors count
  // How many groups more would be expected to show that `quantile` is at most so many ticks.
  std::optional<std::uint64_t> more_groups(double quantile, double ticks, double alpha) const;

 private:
  Groups slower_than(double ticks) const;      // what has no timing is slower
  Groups not_faster_than(double ticks) const;  // what has none is faster
  std::vector<stats::GroupTotal> with_untimed_rows(std::vector<stats::GroupTotal> totals, bool slow) const;
  std::optional<std::uint32_t> upper_over_groups(double quantile, double confidence) const;
  std::optional<std::uint32_t> lower_over_groups(double quantile, double confidence) const;

  const Scorecard& card_;
  const VectorSet& set_;
  const Measured& measured_;
  std::uint64_t vectors_;
  std::uint64_t repeats_;
  std::uint64_t untimed_;
  Groups groups_;
  std::vector<std::uint32_t> times_;  // of the vectors, where groups count: ascending, each once
};

}  // namespace tinyhil::gate
