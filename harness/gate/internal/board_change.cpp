// SPDX-License-Identifier: Apache-2.0
#include "board_change.hpp"

#include <fmt/format.h>

#include "finding.hpp"
#include "stats/normal.hpp"

namespace tinyhil::gate {
namespace {

// Nothing unless every board's change has an interval wider than a point.
std::vector<stats::BoardDifference> differences(std::span<const BoardChange> boards, double confidence) {
  std::vector<stats::BoardDifference> found;
  for (const BoardChange& each : boards) {
    if (!each.change.interval || each.change.interval->high <= each.change.interval->low) return {};
    const double width = (each.change.interval->high - each.change.interval->low) / each.change.median;
    const double se = width / (2 * stats::normal_quantile(confidence));
    found.push_back({each.ratio(), se * se});
  }
  return found;
}

}  // namespace

stats::BoardEffect mean_change(std::span<const BoardChange> boards) {
  std::vector<double> ratios;
  for (const BoardChange& each : boards) ratios.push_back(each.ratio());
  return *stats::paired_boards(ratios);
}

std::string words_of(std::span<const BoardChange> boards, double confidence) {
  std::string words;
  for (const BoardChange& each : boards)
    words += fmt::format("{}{} on {}", words.empty() ? "" : ", ", signed_percent(each.ratio()), each.board);
  const std::vector<stats::BoardDifference> each = differences(boards, confidence);
  if (each.empty()) return words;
  const stats::BoardSpread spread = stats::board_spread(each);
  return words + fmt::format("; between boards: Q {:.3g} (p {:.2g}), I2 {}, tau {}", spread.q, spread.p,
                             percent(spread.i2), percent(spread.tau));
}

}  // namespace tinyhil::gate
