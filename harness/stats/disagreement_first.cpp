// SPDX-License-Identifier: Apache-2.0
#include "disagreement_first.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "rates.hpp"
#include "stats/internal/rare_events.hpp"

namespace tinyhil::stats {
namespace {

double net(std::uint64_t gained, std::uint64_t lost) {
  return static_cast<double>(gained) - static_cast<double>(lost);
}

std::uint64_t others(const DisagreementFirst& counts) { return counts.all - counts.predicted; }

// By the number of vectors lost more than gained, whole, so that bounds are exact.
double lowest_net(const DisagreementFirst& counts, double alpha) {
  const std::uint64_t lost = most_at_any_time({others(counts), counts.sampled, counts.sampled_lost}, alpha);
  return net(counts.gained + counts.sampled_gained, counts.lost + counts.waiting + lost);
}

double highest_net(const DisagreementFirst& counts, double alpha) {
  const std::uint64_t gained =
      most_at_any_time({others(counts), counts.sampled, counts.sampled_gained}, alpha);
  return net(counts.gained + counts.waiting + gained, counts.lost + counts.sampled_lost);
}

// Against "the others have at least so many of these". What rounding adds is no vector.
double p_of_at_least(double needed, const RareDraws& draws) {
  const double whole = std::ceil(needed - 1e-9);
  if (whole <= static_cast<double>(draws.seen)) return 1;
  return std::exp(-log_against_at_least(draws, static_cast<std::uint64_t>(whole)));
}

std::uint64_t scaled(std::uint64_t count, std::uint64_t of, std::uint64_t to) {
  if (of == 0) return 0;
  return static_cast<std::uint64_t>(
      std::llround(static_cast<double>(count) * static_cast<double>(to) / static_cast<double>(of)));
}

// What would be known with all predicted ones run and `sampled` others, if rates stay what they were.
DisagreementFirst expected(const DisagreementFirst& counts, std::uint64_t sampled) {
  DisagreementFirst later = counts;
  later.waiting = 0;
  later.lost = scaled(counts.lost, counts.predicted - counts.waiting, counts.predicted);
  later.gained = std::min(scaled(counts.gained, counts.predicted - counts.waiting, counts.predicted),
                          counts.predicted - later.lost);
  later.sampled = sampled;
  later.sampled_lost = scaled(counts.sampled_lost, counts.sampled, sampled);
  later.sampled_gained =
      std::min(scaled(counts.sampled_gained, counts.sampled, sampled), sampled - later.sampled_lost);
  return later;
}

}  // namespace

double DisagreementFirst::difference() const {
  const auto part = [](double seen, std::uint64_t run, std::uint64_t of) {
    return run == 0 ? 0 : seen / static_cast<double>(run) * static_cast<double>(of);
  };
  if (all == 0) return 0;
  return (part(net(gained, lost), predicted - waiting, predicted) +
          part(net(sampled_gained, sampled_lost), sampled, all - predicted)) /
         static_cast<double>(all);
}

double lower_bound(const DisagreementFirst& counts, double confidence) {
  assert(counts.lost + counts.gained <= counts.predicted && counts.predicted <= counts.all);
  assert(counts.sampled <= counts.all - counts.predicted && counts.sampled_lost <= counts.sampled);
  if (counts.all == 0) return -1;
  const auto all = static_cast<double>(counts.all);
  const double seen = (static_cast<double>(counts.gained) - static_cast<double>(counts.lost)) / all;
  const std::uint64_t rest = counts.all - counts.predicted;
  // Once every one of the others was run, nothing is left to bound.
  const double share = rest == counts.sampled && rest > 0
                           ? static_cast<double>(counts.sampled_lost) / static_cast<double>(rest)
                           : rate_upper_bound(counts.sampled_lost, counts.sampled, confidence);
  return std::max(-1.0, seen - static_cast<double>(rest) / all * share);
}

Interval bounds_at_any_time(const DisagreementFirst& counts, double alpha) {
  assert(counts.lost + counts.gained + counts.waiting <= counts.predicted && counts.predicted <= counts.all);
  if (counts.all == 0) return {-1, 1};
  const auto all = static_cast<double>(counts.all);
  return {std::max(-1.0, lowest_net(counts, alpha) / all), std::min(1.0, highest_net(counts, alpha) / all)};
}

double p_not_worse(const DisagreementFirst& counts, double margin) {
  const double known = net(counts.gained + counts.sampled_gained, counts.lost + counts.waiting);
  return p_of_at_least(known + margin * static_cast<double>(counts.all),
                       {others(counts), counts.sampled, counts.sampled_lost});
}

double p_worse(const DisagreementFirst& counts, double margin) {
  const double known = net(counts.gained + counts.waiting, counts.lost + counts.sampled_lost);
  return p_of_at_least(-known - margin * static_cast<double>(counts.all),
                       {others(counts), counts.sampled, counts.sampled_gained});
}

std::optional<std::uint64_t> more_vectors(const DisagreementFirst& counts, double margin, double alpha) {
  const auto suffices = [&](std::uint64_t sampled) {
    return p_not_worse(expected(counts, sampled), margin) < alpha;
  };
  std::uint64_t few = counts.sampled, enough = others(counts);
  if (!suffices(enough)) return std::nullopt;
  if (suffices(few)) return counts.waiting;
  while (enough - few > 1) {
    const std::uint64_t sampled = few + (enough - few) / 2;
    (suffices(sampled) ? enough : few) = sampled;
  }
  return counts.waiting + (enough - counts.sampled);
}

}  // namespace tinyhil::stats
