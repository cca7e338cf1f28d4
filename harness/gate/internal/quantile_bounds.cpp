// SPDX-License-Identifier: Apache-2.0
#include "quantile_bounds.hpp"

#include <algorithm>
#include <cassert>

#include "stats/order_statistics.hpp"

namespace tinyhil::gate {
namespace {

// Of timings that are all one number nothing hangs on the vector.
bool one_number(const Measured& latency) {
  return !latency.sorted.empty() && latency.sorted.front() == latency.sorted.back();
}

std::vector<std::uint32_t> times_of(const Measured& latency) {
  std::vector<std::uint32_t> times(latency.by_vector);
  std::erase(times, 0u);
  std::ranges::sort(times);
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

}  // namespace

QuantitySample::QuantitySample(const Scorecard& card, const Quantity& quantity, const VectorSet& vectors,
                               bool ignore_groups)
    : card_(card),
      set_(vectors),
      measured_(measured(card, quantity)),
      vectors_(card.drawn),
      repeats_(static_cast<std::uint64_t>(card.info.repeats)),
      untimed_(vectors_ * repeats_ - measured_.sorted.size()) {
  assert(measured_.sorted.size() <= vectors_ * repeats_);
  if (ignore_groups || vectors.group.empty() || one_number(measured_)) return;
  groups_ = slower_than(0);
  if (groups_.any()) times_ = times_of(measured_);
}

Groups QuantitySample::slower_than(double ticks) const {
  return groups_of(set_, [&](std::size_t i) -> std::optional<double> {
    if (!was_run(card_, i)) return std::nullopt;
    const std::uint32_t time = measured_.by_vector[i];
    return time == 0 || time > ticks ? 1 : 0;
  });
}

Groups QuantitySample::not_faster_than(double ticks) const {
  return groups_of(set_, [&](std::size_t i) -> std::optional<double> {
    if (!was_run(card_, i)) return std::nullopt;
    const std::uint32_t time = measured_.by_vector[i];
    return time != 0 && time >= ticks ? 1 : 0;
  });
}

// Rows without a timing of vectors that have one in another row: as many vectors as they would be.
std::vector<stats::GroupTotal> QuantitySample::with_untimed_rows(std::vector<stats::GroupTotal> totals,
                                                                 bool slow) const {
  const double missing = static_cast<double>(untimed_) / static_cast<double>(repeats_);
  double counted = 0;
  for (std::size_t i = 0; i < measured_.by_vector.size(); ++i)
    counted += was_run(card_, i) && measured_.by_vector[i] == 0;
  if (missing > counted) totals.push_back({slow ? missing - counted : 0, missing - counted, 1});
  return totals;
}

std::optional<std::uint32_t> QuantitySample::upper_over_groups(double quantile, double confidence) const {
  const auto holds = [&](std::uint32_t time) {
    return stats::p_below(with_untimed_rows(slower_than(time).totals, true), 1 - quantile, 1) <=
           1 - confidence;
  };
  if (groups_.too_few()) return std::nullopt;
  const auto found = std::ranges::partition_point(times_, [&](std::uint32_t time) { return !holds(time); });
  return found == times_.end() ? std::nullopt : std::optional(*found);
}

std::optional<std::uint32_t> QuantitySample::lower_over_groups(double quantile, double confidence) const {
  const auto holds = [&](std::uint32_t time) {
    return stats::p_above(with_untimed_rows(not_faster_than(time).totals, false), 1 - quantile, 0) <=
           1 - confidence;
  };
  if (groups_.too_few()) return std::nullopt;
  const auto beyond = std::ranges::partition_point(times_, holds);
  return beyond == times_.begin() ? std::nullopt : std::optional(*(beyond - 1));
}

std::optional<std::uint64_t> QuantitySample::more_groups(double quantile, double ticks, double alpha) const {
  return more_groups_below(slower_than(ticks), 1 - quantile, 1, alpha);
}

bool QuantitySample::exact() const {
  if (untimed_ > 0 || measured_.sorted.empty()) return false;
  return measured_.repeatable || measured_.sorted.front() == measured_.sorted.back();
}

std::optional<std::uint32_t> QuantitySample::upper(double quantile, double confidence) const {
  if (groups_.any()) return upper_over_groups(quantile, confidence);
  const std::optional<std::uint64_t> rank = stats::upper_rank(vectors_, quantile, confidence);
  if (!rank || *rank * repeats_ > measured_.sorted.size()) return std::nullopt;
  return measured_.sorted[*rank * repeats_ - 1];
}

std::optional<std::uint32_t> QuantitySample::lower(double quantile, double confidence) const {
  if (groups_.any()) return lower_over_groups(quantile, confidence);
  const std::optional<std::uint64_t> rank = stats::lower_rank(vectors_, quantile, confidence);
  if (!rank || (*rank - 1) * repeats_ < untimed_) return std::nullopt;
  return measured_.sorted[(*rank - 1) * repeats_ - untimed_];
}

double QuantitySample::share_within(double ticks) const {
  assert(!measured_.sorted.empty());
  const auto end = std::upper_bound(measured_.sorted.begin(), measured_.sorted.end(), ticks,
                                    [](double limit, std::uint32_t value) { return limit < value; });
  return static_cast<double>(end - measured_.sorted.begin()) / static_cast<double>(measured_.sorted.size());
}

}  // namespace tinyhil::gate
