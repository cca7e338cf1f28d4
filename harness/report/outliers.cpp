// SPDX-License-Identifier: Apache-2.0
#include "outliers.hpp"

#include <fmt/format.h>

#include <cmath>

#include "report/internal/numbers.hpp"

namespace tinyhil::report {
namespace {

std::string z_words(const BoardOutlier& outlier) {
  if (std::isinf(outlier.z)) return "(most boards are equal)";
  return fmt::format("(modified z-score {:.3g}, limit {:g})", outlier.z, outlier.limit);
}

std::string words_of(const BoardOutlier& outlier, std::size_t boards) {
  switch (outlier.figure) {
    case BoardFigure::outputs:
      return fmt::format("{:g} of {:g} outputs that other boards gave, too, are not those of most boards",
                         outlier.value, outlier.pool);
    case BoardFigure::accuracy:
      return fmt::format(
          "{} on its vectors, {} on those of the other boards (Fisher's exact test, adjusted "
          "for {} boards: p = {:.2g})",
          format_percent(outlier.value), format_percent(outlier.pool), boards, outlier.p);
    case BoardFigure::latency:
      return fmt::format("median latency {}, that of the boards {} {}", format_us(outlier.value),
                         format_us(outlier.pool), z_words(outlier));
    case BoardFigure::energy:
      return fmt::format("{:.4g} µJ an inference, median of the boards {:.4g} µJ {}", outlier.value,
                         outlier.pool, z_words(outlier));
  }
  return "";
}

std::string spread_words(const BoardSpreadFigures& spread, const std::string& between,
                         const std::string& within) {
  return fmt::format(
      "standard deviation {} between boards, {} between vectors of a board; {} of the variance "
      "lies between boards (F test: p = {:.2g})",
      between, within, format_percent(spread.icc), spread.p);
}

}  // namespace

std::vector<std::string> outliers_of(const Report& report) {
  std::vector<std::string> lines;
  for (const BoardComparison& comparison : report.boards) {
    for (const BoardOutlier& outlier : comparison.outliers)
      lines.push_back("board " + outlier.board + " stands apart (" + comparison.model +
                      "): " + words_of(outlier, comparison.boards.size()));
  }
  return lines;
}

std::vector<std::string> spreads_of(const BoardComparison& comparison, const TaskTraits& task) {
  std::vector<std::string> lines;
  if (const auto& spread = comparison.latency_us)
    lines.push_back("Latency of " + comparison.model + ": " +
                    spread_words(*spread, format_us(spread->between), format_us(spread->within)));
  if (const auto& spread = comparison.score)
    lines.push_back(
        "Its " + task.measure + ": " +
        spread_words(*spread, fmt::format("{:.3f}", spread->between), fmt::format("{:.3f}", spread->within)));
  return lines;
}

}  // namespace tinyhil::report
