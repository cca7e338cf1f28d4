// SPDX-License-Identifier: Apache-2.0
#include "board_change.hpp"

#include <fmt/format.h>

#include "finding.hpp"
#include "stats/normal.hpp"

namespace tinyhil {
namespace {

// Nothing unless every board's change has an interval wider than a point.
std::vector<BoardDifference> differences(std::span<const BoardChange> boards, double confidence) {
  std::vector<BoardDifference> found;
  for (const BoardChange& each : boards) {
    if (!each.change.interval || each.change.interval->high <= each.change.interval->low) return {};
    const double width = (each.change.interval->high - each.change.interval->low) / each.change.median;
    const double se = width / (2 * normal_quantile(confidence));
    found.push_back({each.ratio(), se * se});
  }
  return found;
}

}  // namespace

BoardEffect mean_change(std::span<const BoardChange> boards) {
  std::vector<double> ratios;
  for (const BoardChange& each : boards) ratios.push_back(each.ratio());
  return *paired_boards(ratios);
}

std::string words_of(std::span<const BoardChange> boards, double confidence) {
  std::string words;
  for (const BoardChange& each : boards)
    words += fmt::format("{}{} on {}", words.empty() ? "" : ", ", signed_percent(each.ratio()), each.board);
  const std::vector<BoardDifference> each = differences(boards, confidence);
  if (each.empty()) return words;
  const BoardSpread spread = board_spread(each);
  return words + fmt::format("; between boards: Q {:.3g} (p {:.2g}), I2 {}, tau {}", spread.q, spread.p,
                             percent(spread.i2), percent(spread.tau));
}

}  // namespace tinyhil
