// SPDX-License-Identifier: Apache-2.0
#include "board_outliers.hpp"

#include <cmath>
#include <utility>

#include "stats/fisher_exact.hpp"
#include "stats/holm.hpp"
#include "stats/median.hpp"
#include "stats/modified_z.hpp"
#include "stats/variance_components.hpp"

namespace tinyhil::gate {
namespace {

constexpr double kLeastDeviation = 0.01;  // of the median: less is told, but nobody is warned of it

void find_odd_outputs(BoardComparison& comparison) {
  for (const BoardFigures& board : comparison.boards) {
    if (board.odd == 0) continue;
    BoardOutlier outlier{board.board.name, BoardFigure::outputs};
    outlier.value = static_cast<double>(board.odd);
    outlier.pool = static_cast<double>(board.shared);
    comparison.outliers.push_back(outlier);
  }
}

stats::BinomialCount right_of(const BoardFigures& board) {
  return {static_cast<std::uint64_t>(std::llround(board.accuracy.successes)), board.accuracy.n};
}

void find_unlike_accuracies(BoardComparison& comparison) {
  if (comparison.boards.size() < 3 || !comparison.boards.front().is_right_or_wrong) return;
  stats::BinomialCount all;
  for (const BoardFigures& board : comparison.boards) {
    all.successes += right_of(board).successes;
    all.n += board.accuracy.n;
  }
  std::vector<stats::BinomialCount> others;
  std::vector<double> p;
  for (const BoardFigures& board : comparison.boards) {
    const stats::BinomialCount own = right_of(board);
    others.push_back({all.successes - own.successes, all.n - own.n});
    p.push_back(stats::fisher_exact_p(own, others.back()));
  }
  const std::vector<double> adjusted = stats::holm(p);
  for (std::size_t i = 0; i < adjusted.size(); ++i) {
    if (adjusted[i] >= kBoardLevel) continue;
    BoardOutlier outlier{comparison.boards[i].board.name, BoardFigure::accuracy};
    outlier.value = comparison.boards[i].accuracy.value();
    outlier.pool = static_cast<double>(others[i].successes) / static_cast<double>(others[i].n);
    outlier.p = adjusted[i];
    comparison.outliers.push_back(outlier);
  }
}

struct BoardValue {
  const BoardFigures* board;
  double value;
  double uncertainty;
};

void find_far_values(BoardFigure figure, const std::vector<BoardValue>& values, BoardComparison& comparison) {
  const std::optional<double> limit = stats::modified_z_limit(values.size());
  if (!limit) return;
  std::vector<double> numbers;
  for (const BoardValue& each : values) numbers.push_back(each.value);
  const std::vector<double> scores = stats::modified_z(numbers);
  const double median = stats::median_of(numbers);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double distance = std::abs(values[i].value - median);
    const bool is_far = std::abs(scores[i]) > *limit && distance >= kLeastDeviation * median &&
                        distance > values[i].uncertainty;
    if (!is_far) continue;
    BoardOutlier outlier{values[i].board->board.name, figure, values[i].value, median};
    outlier.z = scores[i];
    outlier.limit = *limit;
    comparison.outliers.push_back(outlier);
  }
}

std::vector<BoardValue> latencies_of(const BoardComparison& comparison) {
  std::vector<BoardValue> values;
  for (const BoardFigures& board : comparison.boards)
    if (board.latency && board.board.provenance != Provenance::process)
      values.push_back({&board, board.latency->p50_us, 0});
  return values;
}

std::vector<BoardValue> energies_of(const BoardComparison& comparison) {
  std::vector<BoardValue> values;
  for (const BoardFigures& board : comparison.boards) {
    if (!board.energy_uj) continue;
    const UncertainFigure& energy = *board.energy_uj;
    values.push_back({&board, energy.value, (energy.interval.high - energy.interval.low) / 2});
  }
  return values;
}

std::optional<BoardSpreadFigures> spread_of(const BoardComparison& comparison,
                                            ValueMoments BoardFigures::*moments) {
  std::vector<stats::GroupMoments> groups;
  for (const BoardFigures& board : comparison.boards) {
    const ValueMoments& of = board.*moments;
    groups.push_back({of.n, of.mean, of.squares});
  }
  const std::optional<stats::VarianceComponents> found = stats::one_way(groups);
  if (!found) return std::nullopt;
  return BoardSpreadFigures{std::sqrt(found->between), std::sqrt(found->within), found->icc, found->p};
}

}  // namespace

BoardComparison compare_boards(std::string model, std::vector<BoardFigures> boards) {
  BoardComparison comparison{std::move(model), std::move(boards)};
  find_odd_outputs(comparison);
  find_unlike_accuracies(comparison);
  find_far_values(BoardFigure::latency, latencies_of(comparison), comparison);
  find_far_values(BoardFigure::energy, energies_of(comparison), comparison);
  comparison.latency_us = spread_of(comparison, &BoardFigures::latency_us);
  comparison.score = spread_of(comparison, &BoardFigures::score);
  return comparison;
}

}  // namespace tinyhil::gate
