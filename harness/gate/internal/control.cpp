// SPDX-License-Identifier: Apache-2.0
#include "control.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "stats/blocks.hpp"
#include "stats/hodges_lehmann.hpp"
#include "stats/mann_whitney.hpp"
#include "stats/rank_distribution.hpp"

namespace tinyhil::gate {
namespace {

constexpr double kLevel = 0.001;            // two-sided
constexpr std::uint64_t kFewestMoved = 10;  // that can be tested
constexpr double kLeastShift = 1;           // tick: the clock shows no less

Histogram histogram_of(const std::vector<std::int64_t>& values) {
  std::map<std::int64_t, std::uint64_t> counts;
  for (const std::int64_t value : values) ++counts[value];
  Histogram histogram;
  for (const auto& [value, count] : counts) histogram.push_back({value, count});
  return histogram;
}

// By how much neighbours that hang together widen the spread of a sum. It is taken about the mean, so that a
// shift of all of them alike adds nothing.
double tau_of(const std::vector<std::int64_t>& changes) {
  const std::vector<double> series(changes.begin(), changes.end());
  return std::max(1.0, static_cast<double>(series.size()) / stats::effective_size(series));
}

// Ties only make the exact tail more cautious, and half ranks are rounded up.
double p_of(const stats::RankStatistic& ranks, std::uint64_t moved, double tau) {
  const double smaller = std::min(ranks.value, 2 * ranks.mean - ranks.value);
  const std::optional<double> tail =
      stats::signed_rank_tail(moved, static_cast<std::uint64_t>(std::ceil(smaller)));
  const double alone = tail ? std::min(1.0, 2 * *tail) : ranks.p_two_sided(stats::Continuity::corrected);
  const stats::RankStatistic together{ranks.value, ranks.mean, ranks.sd * std::sqrt(tau)};
  return tau > 1 ? std::max(alone, together.p_two_sided(stats::Continuity::corrected)) : alone;
}

std::string us_of(double ticks, std::uint32_t clock_hz) {
  const double us = ticks * 1e6 / clock_hz + 0.0;  // no minus zero
  return std::abs(us) < 1000 ? fmt::format("{:.3g} us", us) : fmt::format("{:.0f} us", us);
}

std::optional<Obstacle> unequal_outputs(const ControlScore& score) {
  if (!score.first_unequal) return std::nullopt;
  std::string found;
  if (score.differing > 0)
    found = fmt::format("gave another output on {} of {} vectors", score.differing, score.n);
  if (score.answered_once > 0)
    found += fmt::format("{}answered {} vectors only one of two times", found.empty() ? "" : " and ",
                         score.answered_once);
  return Obstacle{
      Outcome::error,
      fmt::format("the A/A control failed: the baseline {} when it was run again, first on vector {}; look "
                  "for a bad supply, memory or cable, or a model that is not deterministic, then run again",
                  found, *score.first_unequal)};
}

std::string latency_words(const ControlScore& score) {
  if (!score.unlike_ticks.empty()) return "latency not compared (" + score.unlike_ticks + ")";
  const std::optional<ControlLatency> latency = control_latency(score);
  if (!latency) return "latency not compared (no vector was timed both times)";
  std::string shift = "latency shift " + us_of(latency->shift_ticks, score.clock_hz);
  if (latency->moved == 0) return shift;
  if (!latency->p) return fmt::format("{}, too few changed to test ({})", shift, latency->moved);
  return fmt::format("{}, p {:.2g}", shift, *latency->p);
}

}  // namespace

std::optional<ControlLatency> control_latency(const ControlScore& score) {
  if (score.tick_change.empty()) return std::nullopt;
  const Histogram changes = histogram_of(score.tick_change);
  ControlLatency latency;
  latency.shift_ticks = stats::paired_shift(changes, 1 - kLevel / 2)->estimate;
  for (const ValueCount& each : changes) latency.moved += each.value == 0 ? 0 : each.count;
  if (latency.moved >= kFewestMoved)
    latency.p = p_of(*stats::signed_rank(changes), latency.moved, tau_of(score.tick_change));
  return latency;
}

std::optional<Obstacle> control_obstacle(const ControlScore& score) {
  if (std::optional<Obstacle> found = unequal_outputs(score)) return found;
  const std::optional<ControlLatency> latency = control_latency(score);
  if (!latency || !latency->p || *latency->p >= kLevel || std::abs(latency->shift_ticks) < kLeastShift)
    return std::nullopt;
  return Obstacle{
      Outcome::error,
      fmt::format("the A/A control failed: the baseline was {} {} when it was run again (paired over {} "
                  "vectors, p {:.2g}); let the board warm up, hold its clock, leave nothing else running on "
                  "it, then run again",
                  us_of(std::abs(latency->shift_ticks), score.clock_hz),
                  latency->shift_ticks > 0 ? "slower" : "faster", score.tick_change.size(), *latency->p)};
}

std::string control_words(const std::optional<ControlScore>& score) {
  if (!score) return "A/A control: none was run";
  if (score->n + score->answered_once == 0) return "A/A control: run, but no vector was answered";
  std::string outputs = "outputs equal";
  if (score->differing > 0) outputs = fmt::format("outputs differ on {}", score->differing);
  if (score->answered_once > 0) outputs += fmt::format(", {} answered only once", score->answered_once);
  return fmt::format("A/A control: {} vectors run twice by the baseline, {}, {}",
                     score->n + score->answered_once, outputs, latency_words(*score));
}

}  // namespace tinyhil::gate
