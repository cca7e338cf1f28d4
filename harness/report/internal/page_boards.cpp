// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "numbers.hpp"
#include "page.hpp"
#include "report/outliers.hpp"
#include "words.hpp"

namespace tinyhil::report::page {
namespace {

using html::Markup;
using Cells = std::vector<std::string>;

Markup cells_of(const Cells& cells, bool is_head) {
  Markup row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool is_name = i == 0;
    row += is_head || is_name
               ? html::element("th", {{"scope", is_head ? "col" : "row"}}, html::text(cells[i]))
               : html::element("td", {}, html::text(cells[i]));
  }
  return html::element("tr", {}, row);
}

bool has_energy(const BoardComparison& comparison) {
  return std::ranges::any_of(comparison.boards,
                             [](const BoardFigures& board) { return board.energy_uj.has_value(); });
}

Cells head_of_boards(const BoardComparison& comparison, const TaskTraits& task) {
  Cells head{"board", "serial", "vectors", task.measure, "p50", "p95", "p99"};
  if (has_energy(comparison)) head.emplace_back("energy an inference");
  head.insert(head.end(), {"outputs unlike most", "faults", "failed attempts"});
  return head;
}

std::string outputs_of(const BoardFigures& board) {
  std::string words = format_count(board.odd) + " of " + format_count(board.shared);
  if (board.disputed > 0) words += ", " + format_count(board.disputed) + " disputed";
  return words;
}

std::string score_of(const BoardFigures& board) {
  if (board.accuracy.n == 0) return "no data";
  return format_proportion(board.accuracy) + " (" + format_interval(board.accuracy) + ")";
}

Cells cells_of_board(const BoardFigures& board, bool energy) {
  Cells cells{board.board.name + ", " + board.board.kind,
              board.board.serial.empty() ? "not known" : board.board.serial, format_count(board.vectors),
              score_of(board)};
  const auto us = [&](double BoardLatency::*value) {
    return board.latency ? format_us((*board.latency).*value) : "–";
  };
  cells.insert(cells.end(),
               {us(&BoardLatency::p50_us), us(&BoardLatency::p95_us), us(&BoardLatency::p99_us)});
  if (energy)
    cells.push_back(board.energy_uj
                        ? fmt::format("{:.4g} µJ ({:.4g} to {:.4g})", board.energy_uj->value,
                                      board.energy_uj->interval.low, board.energy_uj->interval.high)
                        : "–");
  cells.insert(cells.end(),
               {outputs_of(board), format_count(board.faults), format_count(board.failed_attempts)});
  return cells;
}

Markup model_part(const BoardComparison& comparison, const TaskTraits& task) {
  Markup rows = cells_of(head_of_boards(comparison, task), true);
  for (const BoardFigures& board : comparison.boards)
    rows += cells_of(cells_of_board(board, has_energy(comparison)), false);
  Markup part = html::labelled("h3", "", comparison.model) +
                html::element("div",
                              {{"class", "scroll"},
                               {"tabindex", "0"},
                               {"role", "region"},
                               {"aria-label", "Boards of " + comparison.model}},
                              html::element("table", "figures-table whole-cells", rows));
  for (const std::string& spread : spreads_of(comparison, task)) part += note(spread + ".");
  return part;
}

}  // namespace

Markup boards(const Page& page) {
  if (page.report.boards.empty()) return {};
  Markup body = note(
      "A board that stands apart is a warning; no verdict follows from it. A vector that several boards ran "
      "counts as that of one of them; two-sided 95 % intervals.");
  for (const std::string& outlier : outliers_of(page.report)) body += html::labelled("p", "caveat", outlier);
  if (page.report.boards.front().boards.size() == 2)
    body += note("Two boards cannot say which of them is the odd one: three are needed for a warning.");
  for (const BoardComparison& comparison : page.report.boards)
    body += model_part(comparison, page.report.vectors.task->traits());
  return body;
}

}  // namespace tinyhil::report::page
